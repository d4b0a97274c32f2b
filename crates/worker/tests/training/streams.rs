//! Random streams that do not follow the seed.

use crate::{losses, recipe};
use seedband_core::protocol::Train;
use seedband_core::trial::Trial;
use seedband_data::synthetic;
use seedband_worker::dataset::Dataset;
use seedband_worker::train::train;
use tch::Device;

#[test]
fn fixed_streams_do_not_follow_the_seed() {
    let images = synthetic::make(10, 0.25, 0);
    let first = |seed, weights: Option<u64>| {
        let mut recipe = recipe();
        recipe.streams.order = seedband_core::settings::StreamSeed::Fixed(0);
        if let Some(weights) = weights {
            recipe.streams.weights = seedband_core::settings::StreamSeed::Fixed(weights);
        }
        let request = Train::new(Trial::new("test", seed, &recipe), Vec::new());
        let mut events = Vec::new();
        let dataset = Dataset::new(&images, Device::Cpu).unwrap();
        train(&request, &dataset, None, Device::Cpu, &mut |event| {
            events.push(event.clone());
            Ok(())
        })
        .unwrap();
        losses(&events)
    };
    assert_eq!(first(1, Some(5)), first(2, Some(5)));
    assert_eq!(first(5, None), first(2, Some(5)));
    assert_ne!(first(1, None), first(2, None));
}
