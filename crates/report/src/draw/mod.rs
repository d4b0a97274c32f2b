//! Figures as plain data and how they get onto paper: axes, plots, text and colours, whatever they show.

pub(crate) mod axis;
mod clip;
pub(crate) mod color;
mod dashes;
pub(crate) mod font;
pub(crate) mod legend;
pub(crate) mod limits;
mod paint;
pub(crate) mod panel;
mod png;
pub(crate) mod rows;
pub(crate) mod scene;
mod simplify;
mod svg;
pub(crate) mod theme;
mod ticks;

pub(crate) use png::png;
pub(crate) use svg::svg;
