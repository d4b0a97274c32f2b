//! Colours and sizes of all figures. Colours of data are those of Okabe and Ito, which people with any colour vision
//! can tell apart (<https://jfly.uni-koeln.de/color/>).

use super::color::Color;

pub(crate) const WHITE: Color = Color::new(0x00FF_FFFF);
/// Titles and values.
pub(crate) const TEXT: Color = Color::new(0x001B_1F24);
/// Labels of axes and remarks.
pub(crate) const MUTED: Color = Color::new(0x0057_606A);
pub(crate) const GRID: Color = Color::new(0x00E8_EBEF);
/// Behind the strip, so that its height can be seen.
pub(crate) const BACKGROUND: Color = Color::new(0x00F3_F5F7);
pub(crate) const AXIS: Color = Color::new(0x00A0_A9B4);

const BLUE: Color = Color::new(0x0000_72B2);
const VERMILION: Color = Color::new(0x00D5_5E00);
const GREEN: Color = Color::new(0x0000_9E73);
const PURPLE: Color = Color::new(0x00CC_79A7);
const ORANGE: Color = Color::new(0x00E6_9F00);
const SKY: Color = Color::new(0x0056_B4E9);

/// Loss curves and bands of one config.
pub(crate) const CURVE: Color = BLUE;
/// Validation losses.
pub(crate) const VALIDATION: Color = PURPLE;
/// The min LR and the max LR.
pub(crate) const RANGE: Color = VERMILION;
/// Learning rates in the ranges of most seeds.
pub(crate) const CONSENSUS: Color = GREEN;
/// Seeds that have diverged.
pub(crate) const DIVERGED: Color = Color::new(0x007B_8794);
/// How much a band covers.
pub(crate) const BAND_ALPHA: f64 = 0.17;

/// Radius of the mark of a measured point.
pub(crate) const MARK: f64 = 3.2;
/// With more points than this a mark for each would hide the line.
pub(crate) const MOST_MARKS: usize = 24;

/// The line of one config among several: never told by its colour alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LineStyle {
    pub(crate) color: Color,
    /// Lengths of dashes and gaps; empty for a solid line.
    pub(crate) dash: &'static [f64],
}

const LINE_STYLES: [LineStyle; 6] = [
    LineStyle { color: BLUE, dash: &[] },
    LineStyle {
        color: VERMILION,
        dash: &[9.0, 4.0],
    },
    LineStyle {
        color: GREEN,
        dash: &[2.5, 3.5],
    },
    LineStyle {
        color: PURPLE,
        dash: &[10.0, 3.5, 2.5, 3.5],
    },
    LineStyle {
        color: ORANGE,
        dash: &[5.0, 3.0],
    },
    LineStyle {
        color: SKY,
        dash: &[14.0, 4.0],
    },
];

/// The style of the config at `index`; styles repeat after six, where each config has a panel of its own.
pub(crate) fn line_style(index: usize) -> LineStyle {
    LINE_STYLES[index % LINE_STYLES.len()]
}

/// Text sizes in logical pixels.
pub(crate) const TITLE: f64 = 17.0;
pub(crate) const LABEL: f64 = 13.0;
pub(crate) const SMALL: f64 = 12.0;
/// Width of every figure in logical pixels.
pub(crate) const WIDTH: f64 = 900.0;
/// Empty space at the left and right edges.
pub(crate) const MARGIN: f64 = 24.0;
