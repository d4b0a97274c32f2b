//! The devices there are, the slots on them, and how many trials each takes at once.

pub(crate) mod autotune;
pub(crate) mod concurrency_limit;
pub(crate) mod detect;
pub(crate) mod device_state;
pub(crate) mod gpu_memory;
pub(crate) mod learned_slots;
pub(crate) mod pool;
pub(crate) mod slot_search;
pub(crate) mod slot_state;
pub(crate) mod slots;
