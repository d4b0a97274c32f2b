//! Files of a study: where each stands, how it is read and written, and what the small ones hold.

pub mod curve;
pub mod fsio;
pub mod journal;
pub mod layout;
pub mod lock;
pub mod provenance;
