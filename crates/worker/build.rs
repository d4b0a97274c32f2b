//! Compiles `native/`, and tells the linker where libtorch lies, so that the worker and its tests run without
//! `LD_LIBRARY_PATH`.

use std::env;
use std::path::PathBuf;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=native");
    println!("cargo:rerun-if-env-changed=LIBTORCH");
    println!("cargo:rerun-if-env-changed=LIBTORCH_LIB");
    // scripts/setup writes this file when it links another libtorch.
    if let Some(root) = env::var_os("LIBTORCH") {
        println!(
            "cargo:rerun-if-changed={}",
            PathBuf::from(root).with_file_name("from").display()
        );
    }
    // The same two variables, in the same order, by which torch-sys 0.24 finds the library.
    let library = ["LIBTORCH_LIB", "LIBTORCH"]
        .iter()
        .find_map(env::var_os)
        .map(|root| PathBuf::from(root).join("lib").join("libtorch_cpu.so"));
    // Links are followed: libtorch finds its own dependencies relative to the folder it really lies in.
    match library.as_ref().and_then(|path| path.canonicalize().ok()) {
        Some(path) => {
            if let Some(folder) = path.parent() {
                println!("cargo:rustc-link-arg=-Wl,-rpath,{}", folder.display());
            }
        }
        None => println!(
            "cargo:warning=libtorch_cpu.so was not found through LIBTORCH; the worker needs LD_LIBRARY_PATH to run"
        ),
    }
    compile_native();
    // Where a packaged worker keeps libtorch: `bin/seedband-worker` beside `lib/`.
    println!("cargo:rustc-link-arg=-Wl,-rpath,$ORIGIN/../lib");
}

/// Compiles what is written in C++, optimised in every profile: it is nothing but loops over numbers.
fn compile_native() {
    let mut build = cc::Build::new();
    if let Some(root) = env::var_os("LIBTORCH_INCLUDE").or_else(|| env::var_os("LIBTORCH")) {
        // Warnings about libtorch's own headers are nobody's here.
        build.flag("-isystem").flag(PathBuf::from(root).join("include"));
    }
    build
        .cpp(true)
        .std("c++17")
        .opt_level(3)
        // The same results on every processor.
        .flag("-ffp-contract=off")
        // Vectors that are wider than a processor's registers stay within functions that are inlined.
        .flag("-Wno-psabi")
        .file("native/norm_relu.cpp")
        .file("native/precision.cpp")
        .compile("seedband_native");
}
