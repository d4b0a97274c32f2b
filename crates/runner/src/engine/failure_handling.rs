//! What a failure means for its trial and for the devices.

use crate::device::concurrency_limit::Shortage;
use crate::device::detect::Device;
use crate::device::pool::DevicePool;
use crate::device::slot_state::Occupancy;
use crate::engine::completion::AttemptResult;
use crate::engine::limits::Limits;
use crate::engine::queue::QueuedTrial;
use crate::engine::retry_policy::RetryPolicy;
use crate::failure::Failure;
use seedband_core::protocol::FailureClass;
use std::time::Duration;

/// Decides whether `trial` is tried again after it has failed in `slot`, where it shared its memories as `occupancy`
/// says, and draws the consequences for its device.
pub(crate) fn handle_failure(
    pool: &mut DevicePool,
    limits: &Limits,
    slot: usize,
    occupancy: &Occupancy,
    trial: &mut QueuedTrial,
    failure: Failure,
) -> AttemptResult {
    let device = pool.device_of(slot);
    let class = match (failure.class, pool.slot(slot).map(|slot| &slot.device)) {
        // A worker names its device's memory, and the CPU's is the machine's.
        (FailureClass::OutOfMemory, Some(Device::Cpu { .. })) => FailureClass::HostOutOfMemory,
        (class, _) => class,
    };
    let retry_after = match RetryPolicy::of(class) {
        RetryPolicy::Fail => None,
        RetryPolicy::Retry => retry(limits, device, trial),
        RetryPolicy::FewerAtOnce(memory) => match pool.shortage(memory, slot, occupancy) {
            Shortage::Lowered(_) | Shortage::AlreadyLowered => Some(Duration::ZERO),
            Shortage::Alone => retry(limits, device, trial),
        },
        RetryPolicy::OtherDevice => {
            trial.failed_on.push(device);
            pool.count_failure(slot, &failure.message);
            Some(Duration::ZERO)
        }
    };
    let failure = Failure { class, ..failure };
    AttemptResult::Failed { failure, retry_after }
}

/// One more retry after a failure on `device`, if one is left: after which pause.
fn retry(limits: &Limits, device: usize, trial: &mut QueuedTrial) -> Option<Duration> {
    let pause = trial.next_retry(limits)?;
    trial.failed_on.push(device);
    Some(pause)
}
