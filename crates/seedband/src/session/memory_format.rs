//! The memory format in which the trials of a study are trained: chosen by the machine that begins it, and kept.

use super::open::StudySession;
use crate::error::Error;
use seedband_core::settings::MemoryFormat;
use seedband_core::study::Study;
use seedband_runner::{Device, Slot};

impl StudySession {
    /// Has a study that names no memory format keep that of its results. Results that cannot be read are left to
    /// whoever needs them.
    pub(super) fn follow_memory_format(&mut self) {
        if self.study().run.memory_format.is_none() {
            let path = self.dir().study();
            let before = path.is_file().then(|| Study::load(&path, &[]).ok()).flatten();
            self.study_mut().run.memory_format = before.and_then(|before| before.run.memory_format);
        }
    }

    /// The format in which a run on `slots` trains what is missing; none where nothing is trained by the built-in
    /// trainer. Results of before there was a choice are contiguous.
    ///
    /// # Errors
    /// The study names another than its results have ([`Error::MemoryFormatChanged`]), but where `update` allows that;
    /// or the study of the results cannot be read.
    pub(crate) fn memory_format(&self, slots: &[Slot], update: bool) -> Result<Option<MemoryFormat>, Error> {
        let asked = self.study().run.memory_format;
        let mut configs = self.study().configs.iter();
        if !configs.any(|config| config.recipe.trainer.built_in().is_some()) {
            return Ok(asked);
        }
        let path = self.dir().study();
        let stored = if path.is_file() {
            Some(Study::load(&path, &[])?.run.memory_format.unwrap_or_default())
        } else {
            None
        };
        match (asked, stored) {
            (Some(asked), Some(stored)) if asked != stored && !update => Err(Error::MemoryFormatChanged {
                results: self.dir().root().to_path_buf(),
                stored,
                asked,
            }),
            (Some(asked), _) => Ok(Some(asked)),
            (None, Some(stored)) => Ok(Some(stored)),
            (None, None) => Ok(Some(of_machine(slots))),
        }
    }
}

/// The format that convolutions are fast in: channels last where the processor has AVX-512, by the measurements in
/// docs/performance.md, and on CUDA devices, whose tensor cores take no other (cuDNN developer guide, "Tensor Layouts").
fn of_machine(slots: &[Slot]) -> MemoryFormat {
    let is_cuda = |slot: &Slot| matches!(slot.device, Device::Cuda { .. });
    if slots.iter().any(is_cuda) || has_avx512() {
        MemoryFormat::ChannelsLast
    } else {
        MemoryFormat::Contiguous
    }
}

#[cfg(target_arch = "x86_64")]
fn has_avx512() -> bool {
    std::arch::is_x86_feature_detected!("avx512f")
}

#[cfg(not(target_arch = "x86_64"))]
fn has_avx512() -> bool {
    false
}
