//! Figures as plain data and how they get onto paper: axes, plots, text and colours, whatever they show.

pub(crate) mod axis;
mod clip;
pub(crate) mod font;
pub(crate) mod paint;
pub(crate) mod panel;
pub(crate) mod rows;
pub(crate) mod scene;
mod simplify;
pub(crate) mod theme;
