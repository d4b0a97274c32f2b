//! What a user can do about what went wrong, where that is said with options of the command line.

use seedband_core::protocol::FailureClass;

/// What a user can do about trials that failed.
pub(crate) fn on_failures(class: FailureClass) -> &'static str {
    match class {
        FailureClass::BadData => "check the folder in `data.path` and the file in `init.from`, then run again",
        FailureClass::BadStudy => "change the study, then run again",
        FailureClass::OutOfMemory => {
            "lower `training.batch-size`, or wait until other programs have left the device, then run again"
        }
        FailureClass::HostOutOfMemory => {
            "lower `run.cpu-slots` or `training.batch-size`, or use a machine of more memory, then run again"
        }
        FailureClass::LostDevice => "look at the device with `nvidia-smi` and `seedband doctor`, then run again",
        FailureClass::NonFiniteStart => {
            "no learning rate was at work yet: look for images or initial weights that are not finite, then run again"
        }
        FailureClass::LostWorker | FailureClass::Internal | FailureClass::Protocol => {
            "read the trial's log, then run again"
        }
        FailureClass::CannotStart => "run `seedband doctor`",
        FailureClass::TimedOut => "raise `run.timeout`, then run again",
        FailureClass::Storage => "free some space or choose another folder with `--results`, then run again",
    }
}
