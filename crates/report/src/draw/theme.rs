//! Colours and sizes of all figures. Colours of data are those of Okabe and Ito, which people with any colour vision can tell apart
//! (<https://jfly.uni-koeln.de/color/>).

/// A colour and how much of it covers what lies below, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Ink {
    pub(crate) rgb: [u8; 3],
    pub(crate) alpha: f64,
}

impl Ink {
    pub(crate) const fn new(rgb: u32) -> Self {
        Self {
            rgb: [(rgb >> 16) as u8, (rgb >> 8) as u8, rgb as u8],
            alpha: 1.0,
        }
    }

    pub(crate) const fn alpha(self, alpha: f64) -> Self {
        Self { alpha, ..self }
    }

    /// The opaque colour that this colour at `alpha` gives on white. Lines that cross each other stay even with it.
    pub(crate) fn tint(self, alpha: f64) -> Self {
        let mixed = self
            .rgb
            .map(|channel| (255.0 - (255.0 - f64::from(channel)) * alpha).round() as u8);
        Self { rgb: mixed, alpha: 1.0 }
    }

    /// A darker tone of the same colour, for small text on white.
    pub(crate) fn shade(self) -> Self {
        Self {
            rgb: self.rgb.map(|channel| (f64::from(channel) * 0.78).round() as u8),
            alpha: 1.0,
        }
    }
}

pub(crate) const WHITE: Ink = Ink::new(0x00FF_FFFF);
/// Titles and values.
pub(crate) const TEXT: Ink = Ink::new(0x001B_1F24);
/// Labels of axes and remarks.
pub(crate) const MUTED: Ink = Ink::new(0x0057_606A);
pub(crate) const GRID: Ink = Ink::new(0x00E8_EBEF);
/// Behind the strip, so that its height can be seen.
pub(crate) const BACKGROUND: Ink = Ink::new(0x00F3_F5F7);
pub(crate) const AXIS: Ink = Ink::new(0x00A0_A9B4);

const BLUE: Ink = Ink::new(0x0000_72B2);
const VERMILION: Ink = Ink::new(0x00D5_5E00);
const GREEN: Ink = Ink::new(0x0000_9E73);
const PURPLE: Ink = Ink::new(0x00CC_79A7);
const ORANGE: Ink = Ink::new(0x00E6_9F00);
const SKY: Ink = Ink::new(0x0056_B4E9);

/// Loss curves and bands of one config.
pub(crate) const CURVE: Ink = BLUE;
/// Validation losses.
pub(crate) const VALIDATION: Ink = PURPLE;
/// The min LR and the max LR.
pub(crate) const RANGE: Ink = VERMILION;
/// Learning rates that hold for most seeds.
pub(crate) const CONSENSUS: Ink = GREEN;
/// Seeds that have diverged.
pub(crate) const DIVERGED: Ink = Ink::new(0x007B_8794);
/// How much a band covers.
pub(crate) const BAND_ALPHA: f64 = 0.17;

/// One config among several: never told by its colour alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) ink: Ink,
    /// Lengths of dashes and gaps; empty for a solid line.
    pub(crate) dash: &'static [f64],
}

const LOOKS: [Look; 6] = [
    Look { ink: BLUE, dash: &[] },
    Look {
        ink: VERMILION,
        dash: &[9.0, 4.0],
    },
    Look {
        ink: GREEN,
        dash: &[2.5, 3.5],
    },
    Look {
        ink: PURPLE,
        dash: &[10.0, 3.5, 2.5, 3.5],
    },
    Look {
        ink: ORANGE,
        dash: &[5.0, 3.0],
    },
    Look {
        ink: SKY,
        dash: &[14.0, 4.0],
    },
];

/// The look of the config at `index`; looks repeat after six, where each config has a panel of its own.
pub(crate) fn look(index: usize) -> Look {
    LOOKS[index % LOOKS.len()]
}

/// Text sizes in logical pixels.
pub(crate) const TITLE: f64 = 17.0;
pub(crate) const LABEL: f64 = 13.0;
pub(crate) const SMALL: f64 = 12.0;
/// Width of every figure in logical pixels.
pub(crate) const WIDTH: f64 = 900.0;
