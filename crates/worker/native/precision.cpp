// What libtorch computes in less than float32, and where; tch has no switches for it.

#include <ATen/Context.h>
#include <ATen/autocast_mode.h>

// Whether convolutions and whether matrix products on CUDA devices may round their factors to TF32; of the process.
extern "C" void seedband_allow_tf32(bool convolutions, bool products) {
  at::globalContext().setAllowTF32CuDNN(convolutions);
  at::globalContext().setAllowTF32CuBLAS(products);
}

// `torch.autocast(dtype=torch.bfloat16)` on the CPU or on CUDA devices, until it is switched off again; of the calling
// thread. Weights that were rounded are kept until then.
extern "C" void seedband_autocast_bf16(bool on_cuda, bool is_on) {
  const at::DeviceType device = on_cuda ? at::kCUDA : at::kCPU;
  at::autocast::set_autocast_dtype(device, at::kBFloat16);
  at::autocast::set_autocast_enabled(device, is_on);
  if (!is_on) at::autocast::clear_cache();
}
