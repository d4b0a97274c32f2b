//! Workers that say anything: a program that repeats a damaged conversation, greeting and all.

use crate::support::{STEPS, Study, finish, program_of, trial};
use seedband_core::files::curve::Curve;
use seedband_core::protocol::FailureClass;
use seedband_runner::RunError;
use seedband_testkit::Fuzz;
use std::fmt::Write;
use std::fs;
use std::time::Duration;

/// Everything that a worker says in the life of one trial.
fn conversation() -> Vec<u8> {
    let trial = trial(0);
    let id = trial.id.as_str();
    let mut said =
        String::from("{\"type\":\"ready\",\"protocol\":2,\"worker\":\"w\",\"device\":\"cpu\",\"libraries\":[\"a\"]}\n");
    let _ = writeln!(said, "{{\"type\":\"started\",\"trial\":\"{id}\",\"steps\":{STEPS}}}");
    for (step, lr) in trial.recipe.schedule.used().iter().enumerate() {
        let _ = writeln!(
            said,
            "{{\"type\":\"step\",\"trial\":\"{id}\",\"step\":{step},\"lr\":{lr:e},\"loss\":2.5}}"
        );
    }
    let _ = writeln!(
        said,
        "{{\"type\":\"finished\",\"trial\":\"{id}\",\"end\":\"completed\",\"steps\":{STEPS}}}"
    );
    said.into_bytes()
}

#[test]
fn whatever_a_worker_says_the_trial_ends() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let words = [
        "ready",
        "protocol",
        "\"started\"",
        "\"finished\"",
        "\"failed\"",
        "trial",
    ];
    let seeds = [conversation()];
    // Each is a process.
    Fuzz::new(&seeds).words(&words).cases(150).run(|bytes| {
        let study = Study::in_memory();
        let said = study.beside("said");
        fs::write(&said, bytes).unwrap();
        let mut job = study.job(0..1, 1, "");
        // It ends once it is asked, or not needed any more, so nothing waits for it.
        program_of(&mut job)
            .variables
            .push(("FAKE_WORKER_SAYS".into(), said.into()));
        // One that says nothing is given up at some time.
        job.timeouts.ready = Duration::from_secs(5);
        let (result, _) = runtime.block_on(finish(job));
        let result = match result {
            Ok(result) => result,
            // It greets nobody, however often it is started.
            Err(RunError::NoDevice { message, .. }) => {
                assert!(bytes != seeds[0] && !message.contains('\n'), "{message}");
                return;
            }
            Err(error) => panic!("{error:?}"),
        };
        assert_eq!(result.finished + result.failed.len(), 1, "{result:?}");
        assert!(bytes != seeds[0] || result.finished == 1, "{result:?}");
        if let [failed] = &result.failed[..] {
            assert!(
                failed.class != FailureClass::Internal && !failed.message.contains('\n'),
                "{failed:?}"
            );
            assert!(study.curves().is_empty());
        } else {
            assert_eq!(study.curves().len(), 1);
            assert_eq!(Curve::read(&study.folder(0).curve()).unwrap().steps.len(), STEPS);
        }
    });
}
