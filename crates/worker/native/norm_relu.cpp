// Batch norm, the sum with a shortcut and ReLU of a training step as one operation on channels-last activations on the
// CPU.
//
// libtorch does each by itself: with the gradients, 14 passes over an activation, and 17 with a shortcut. Here they are
// 8 and 11, and memory is what these operations wait for. Formulas are those of PyTorch's `batch_norm` in training mode
// (biased variance; running averages with the unbiased one), `add` and `relu`; a NaN stays NaN, and the gradient of
// ReLU at 0 is 0.
//
// Sums are in double precision, channel by channel, so that results do not depend on how many numbers a processor adds
// at once. The build turns off the fusing of products and sums (-ffp-contract=off), which only some processors have. One
// thread does all: OpenMP would tie the worker to a library that every build of libtorch brings under another name.

#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <exception>
#include <optional>
#include <utility>
#include <vector>

namespace {

// Channels that are worked on at once: a cache line of floats.
constexpr int64_t TILE = 16;
// Pixels in a block, which stays in the cache while it is worked on tile by tile.
constexpr int64_t BLOCK = 512;

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define FOR_EACH_PROCESSOR
#endif
#define INLINED inline __attribute__((always_inline))

template <typename T>
struct Tile {
  typedef T V __attribute__((vector_size(TILE * sizeof(T))));
};
typedef Tile<double>::V Doubles;

// `count` channels, the rest zeros.
template <typename T>
INLINED typename Tile<T>::V load(const T* from, int64_t count) {
  typename Tile<T>::V tile = {};
  if (count == TILE) {
    std::memcpy(&tile, from, sizeof(tile));
  } else {
    std::memcpy(&tile, from, count * sizeof(T));
  }
  return tile;
}

template <typename T>
INLINED void store(T* to, typename Tile<T>::V tile, int64_t count) {
  if (count == TILE) {
    std::memcpy(to, &tile, sizeof(tile));
  } else {
    std::memcpy(to, &tile, count * sizeof(T));
  }
}

INLINED Doubles widened(Tile<float>::V tile) { return __builtin_convertvector(tile, Doubles); }
INLINED Doubles widened(Doubles tile) { return tile; }

// What a pass works on: `rows` pixels from `x` on, one after the other, of `channels` each. Arrays by channel have no
// other length.
template <typename T>
struct Forward {
  const T *x, *shortcut, *scale, *shift;
  T* y;
};

// Without a shortcut, the output is made again from `scale` and `shift`, for its sign; with one it is `y`, and what ReLU
// lets through of the gradient is put into `of_shortcut`.
template <typename T>
struct Backward {
  const T *x, *y, *gradient, *scale, *shift, *mean, *factor, *offset, *slope;
  T *of_x, *of_shortcut;
};

// Sums of x - base and of its square.
template <typename T>
INLINED void moments(const T* x, const T* base, int64_t rows, int64_t channels, double* sums, double* squares) {
  for (int64_t first = 0; first < channels; first += TILE) {
    const int64_t count = std::min(TILE, channels - first);
    const Doubles shift = widened(load(base + first, count));
    Doubles sum = {}, square = {};
    for (int64_t row = 0; row < rows; ++row) {
      const Doubles d = widened(load(x + row * channels + first, count)) - shift;
      sum += d;
      square += d * d;
    }
    store(sums + first, sum, count);
    store(squares + first, square, count);
  }
}

// relu(scale x + shift + shortcut).
template <typename T, bool HAS_SHORTCUT>
INLINED void apply(const Forward<T>& on, int64_t rows, int64_t channels) {
  typedef typename Tile<T>::V V;
  for (int64_t first = 0; first < channels; first += TILE) {
    const int64_t count = std::min(TILE, channels - first);
    const V scale = load(on.scale + first, count), shift = load(on.shift + first, count), zero = {};
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t at = row * channels + first;
      V v = load(on.x + at, count) * scale + shift;
      if constexpr (HAS_SHORTCUT) v += load(on.shortcut + at, count);
      store(on.y + at, v < zero ? zero : v, count);
    }
  }
}

// Sums of the gradient that ReLU lets through, and of it times x - mean.
template <typename T, bool HAS_SHORTCUT>
INLINED void products(const Backward<T>& on, int64_t rows, int64_t channels, double* sums, double* dots) {
  typedef typename Tile<T>::V V;
  for (int64_t first = 0; first < channels; first += TILE) {
    const int64_t count = std::min(TILE, channels - first);
    const V scale = load(on.scale + first, count), shift = load(on.shift + first, count), zero = {};
    const Doubles mean = widened(load(on.mean + first, count));
    Doubles sum = {}, dot = {};
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t at = row * channels + first;
      const V x = load(on.x + at, count), gradient = load(on.gradient + at, count);
      V y;
      if constexpr (HAS_SHORTCUT) {
        y = load(on.y + at, count);
      } else {
        y = x * scale + shift;
      }
      const V passed = y <= zero ? zero : gradient;
      if constexpr (HAS_SHORTCUT) store(on.of_shortcut + at, passed, count);
      const Doubles g = widened(passed);
      sum += g;
      dot += g * (widened(x) - mean);
    }
    store(sums + first, sum, count);
    store(dots + first, dot, count);
  }
}

// (gradient - offset - slope (x - mean)) factor.
template <typename T, bool HAS_SHORTCUT>
INLINED void gradients(const Backward<T>& on, int64_t rows, int64_t channels) {
  typedef typename Tile<T>::V V;
  for (int64_t first = 0; first < channels; first += TILE) {
    const int64_t count = std::min(TILE, channels - first);
    const V scale = load(on.scale + first, count), shift = load(on.shift + first, count), zero = {};
    const V mean = load(on.mean + first, count), factor = load(on.factor + first, count);
    const V offset = load(on.offset + first, count), slope = load(on.slope + first, count);
    for (int64_t row = 0; row < rows; ++row) {
      const int64_t at = row * channels + first;
      const V x = load(on.x + at, count);
      V g;
      if constexpr (HAS_SHORTCUT) {
        g = load(on.of_shortcut + at, count);
      } else {
        const V y = x * scale + shift, gradient = load(on.gradient + at, count);
        g = y <= zero ? zero : gradient;
      }
      store(on.of_x + at, (g - offset - (x - mean) * slope) * factor, count);
    }
  }
}

// A function of each kind of numbers, compiled for several processors; the one it runs on decides.
#define KERNELS(T)                                                                                                    \
  FOR_EACH_PROCESSOR void moments_of(const T* x, const T* base, int64_t rows, int64_t channels, double* sums,         \
                                     double* squares) {                                                               \
    moments(x, base, rows, channels, sums, squares);                                                                  \
  }                                                                                                                   \
  FOR_EACH_PROCESSOR void apply_to(const Forward<T>& on, int64_t rows, int64_t channels) {                            \
    if (on.shortcut) {                                                                                                \
      apply<T, true>(on, rows, channels);                                                                             \
    } else {                                                                                                          \
      apply<T, false>(on, rows, channels);                                                                            \
    }                                                                                                                 \
  }                                                                                                                   \
  FOR_EACH_PROCESSOR void products_of(const Backward<T>& on, int64_t rows, int64_t channels, double* sums,            \
                                      double* dots) {                                                                 \
    if (on.y) {                                                                                                       \
      products<T, true>(on, rows, channels, sums, dots);                                                              \
    } else {                                                                                                          \
      products<T, false>(on, rows, channels, sums, dots);                                                             \
    }                                                                                                                 \
  }                                                                                                                   \
  FOR_EACH_PROCESSOR void gradients_of(const Backward<T>& on, int64_t rows, int64_t channels) {                       \
    if (on.y) {                                                                                                       \
      gradients<T, true>(on, rows, channels);                                                                         \
    } else {                                                                                                          \
      gradients<T, false>(on, rows, channels);                                                                        \
    }                                                                                                                 \
  }
KERNELS(float)
KERNELS(double)
#undef KERNELS

// Two sums by channel over all pixels; `work(first pixel, pixels, sums, sums)` gives those of a block.
template <typename F>
std::pair<std::vector<double>, std::vector<double>> sums(int64_t pixels, int64_t channels, const F& work) {
  std::vector<double> one(channels), two(channels), of_block(channels), two_of_block(channels);
  for (int64_t first = 0; first < pixels; first += BLOCK) {
    work(first, std::min(BLOCK, pixels - first), of_block.data(), two_of_block.data());
    for (int64_t channel = 0; channel < channels; ++channel) {
      one[channel] += of_block[channel];
      two[channel] += two_of_block[channel];
    }
  }
  return {std::move(one), std::move(two)};
}

// Calls `work(first pixel, pixels)` for each block, from the last one to the first: what was read last is still in the
// cache.
template <typename F>
void backwards(int64_t pixels, const F& work) {
  for (int64_t first = (pixels - 1) / BLOCK * BLOCK; first >= 0; first -= BLOCK) {
    work(first, std::min(BLOCK, pixels - first));
  }
}

struct Averages {
  at::Tensor mean, variance;
  double momentum;
};

// What x is multiplied by and what is added then; the same numbers in both directions.
template <typename T>
std::pair<std::vector<T>, std::vector<T>> affine(const at::Tensor& weight, const at::Tensor& bias, const double* mean,
                                                 const double* inverse) {
  const T *w = weight.const_data_ptr<T>(), *b = bias.const_data_ptr<T>();
  std::vector<T> scale(weight.numel()), shift(weight.numel());
  for (size_t channel = 0; channel < scale.size(); ++channel) {
    const double factor = w[channel] * inverse[channel];
    scale[channel] = static_cast<T>(factor);
    shift[channel] = static_cast<T>(b[channel] - mean[channel] * factor);
  }
  return {std::move(scale), std::move(shift)};
}

// Output, means and inverse deviations, the latter two in double precision.
template <typename T>
std::vector<at::Tensor> forward(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                                const at::Tensor& shortcut, const Averages& averages, double eps) {
  const int64_t channels = x.size(1), pixels = x.numel() / channels;
  const double n = static_cast<double>(pixels);
  const T* data = x.const_data_ptr<T>();
  const auto [sum, square] = sums(pixels, channels, [&](int64_t first, int64_t count, double* one, double* two) {
    moments_of(data + first * channels, data, count, channels, one, two);
  });
  at::Tensor means = at::empty({channels}, x.options().dtype(at::kDouble)), deviations = at::empty_like(means);
  double *mean = means.mutable_data_ptr<double>(), *inverse = deviations.mutable_data_ptr<double>();
  for (int64_t channel = 0; channel < channels; ++channel) {
    const double from_base = sum[channel] / n;
    const double variance = std::max(square[channel] / n - from_base * from_base, 0.0);
    // A sum that is no number is one of the variance too: `max` would take 0 in its place.
    const double biased = std::isnan(square[channel]) ? square[channel] : variance;
    mean[channel] = static_cast<double>(data[channel]) + from_base;
    inverse[channel] = 1.0 / std::sqrt(biased + eps);
    if (averages.mean.defined()) {
      T *running = averages.mean.mutable_data_ptr<T>(), *running_variance = averages.variance.mutable_data_ptr<T>();
      const double unbiased = biased * n / (n - 1.0), m = averages.momentum;
      running[channel] = static_cast<T>(m * mean[channel] + (1.0 - m) * running[channel]);
      running_variance[channel] = static_cast<T>(m * unbiased + (1.0 - m) * running_variance[channel]);
    }
  }
  const auto [scale, shift] = affine<T>(weight, bias, mean, inverse);
  const T *scales = scale.data(), *shifts = shift.data();
  at::Tensor y = at::empty_like(x);
  const T* added = shortcut.defined() ? shortcut.const_data_ptr<T>() : nullptr;
  T* out = y.mutable_data_ptr<T>();
  backwards(pixels, [&](int64_t first, int64_t count) {
    const int64_t at = first * channels;
    apply_to({data + at, added ? added + at : nullptr, scales, shifts, out + at}, count, channels);
  });
  return {y, means, deviations};
}

// Gradients of x, weight, bias and shortcut; `y` is there where there was a shortcut.
template <typename T>
std::vector<at::Tensor> backward(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                                 const at::Tensor& means, const at::Tensor& deviations, const at::Tensor& y,
                                 const at::Tensor& gradient) {
  const int64_t channels = x.size(1), pixels = x.numel() / channels;
  const double n = static_cast<double>(pixels);
  const double *mean = means.const_data_ptr<double>(), *inverse = deviations.const_data_ptr<double>();
  const T* w = weight.const_data_ptr<T>();
  const bool has_shortcut = y.defined();
  const auto [scale, shift] = affine<T>(weight, bias, mean, inverse);
  std::vector<T> mean_of(channels), factor(channels), offset(channels), slope(channels);
  std::copy(mean, mean + channels, mean_of.begin());
  at::Tensor of_x = at::empty_like(x), of_shortcut = has_shortcut ? at::empty_like(x) : at::Tensor();
  const Backward<T> whole = {x.const_data_ptr<T>(),
                             has_shortcut ? y.const_data_ptr<T>() : nullptr,
                             gradient.const_data_ptr<T>(),
                             scale.data(),
                             shift.data(),
                             mean_of.data(),
                             factor.data(),
                             offset.data(),
                             slope.data(),
                             of_x.mutable_data_ptr<T>(),
                             has_shortcut ? of_shortcut.mutable_data_ptr<T>() : nullptr};
  const auto from = [&](int64_t first) {
    Backward<T> on = whole;
    const int64_t at = first * channels;
    on.x += at, on.gradient += at, on.of_x += at;
    if (has_shortcut) on.y += at, on.of_shortcut += at;
    return on;
  };
  const auto [sum, dot] = sums(pixels, channels, [&](int64_t first, int64_t count, double* one, double* two) {
    products_of(from(first), count, channels, one, two);
  });
  at::Tensor of_weight = at::empty_like(weight), of_bias = at::empty_like(weight);
  for (int64_t channel = 0; channel < channels; ++channel) {
    of_weight.mutable_data_ptr<T>()[channel] = static_cast<T>(dot[channel] * inverse[channel]);
    of_bias.mutable_data_ptr<T>()[channel] = static_cast<T>(sum[channel]);
    factor[channel] = static_cast<T>(w[channel] * inverse[channel]);
    offset[channel] = static_cast<T>(sum[channel] / n);
    slope[channel] = static_cast<T>(dot[channel] / n * inverse[channel] * inverse[channel]);
  }
  backwards(pixels, [&](int64_t first, int64_t count) { gradients_of(from(first), count, channels); });
  return {of_x, of_weight, of_bias, of_shortcut};
}

using torch::autograd::AutogradContext;
using torch::autograd::Variable;
using torch::autograd::variable_list;

struct NormRelu : torch::autograd::Function<NormRelu> {
  static Variable forward(AutogradContext* context, const Variable& x, const Variable& weight, const Variable& bias,
                          const std::optional<Variable>& shortcut, const Averages& averages, double eps) {
    const at::Tensor in = x.contiguous(at::MemoryFormat::ChannelsLast);
    const at::Tensor added = shortcut ? shortcut->contiguous(at::MemoryFormat::ChannelsLast) : at::Tensor();
    const std::vector<at::Tensor> out = x.scalar_type() == at::kDouble
                                            ? ::forward<double>(in, weight, bias, added, averages, eps)
                                            : ::forward<float>(in, weight, bias, added, averages, eps);
    context->save_for_backward({in, weight, bias, out[1], out[2], shortcut ? out[0] : Variable()});
    return out[0];
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const at::Tensor &x = saved[0], &weight = saved[1], &bias = saved[2], &means = saved[3], &deviations = saved[4];
    const at::Tensor &y = saved[5], gradient = gradients[0].contiguous(at::MemoryFormat::ChannelsLast);
    const std::vector<at::Tensor> of =
        x.scalar_type() == at::kDouble ? ::backward<double>(x, weight, bias, means, deviations, y, gradient)
                                       : ::backward<float>(x, weight, bias, means, deviations, y, gradient);
    return {of[0], of[1], of[2], of[3], Variable(), Variable()};
  }
};

}  // namespace

// `[n, channels, height, width]` of floats or doubles, in channels-last order, to the same shape. `shortcut` of that
// shape, `mean` and `variance` (running averages, changed in place) may be null. A new tensor, or null with `message`
// filled in, which has room for `room` bytes.
extern "C" at::Tensor* seedband_norm_relu(const at::Tensor* x, const at::Tensor* weight, const at::Tensor* bias,
                                          const at::Tensor* shortcut, const at::Tensor* mean,
                                          const at::Tensor* variance,
                                          double momentum, double eps, char* message, size_t room) {
  try {
    const auto or_none = [](const at::Tensor* tensor) { return tensor ? *tensor : at::Tensor(); };
    const Averages averages = {or_none(mean), or_none(variance), momentum};
    const std::optional<Variable> added = shortcut ? std::optional<Variable>(*shortcut) : std::nullopt;
    return new at::Tensor(NormRelu::apply(*x, *weight, *bias, added, averages, eps));
  } catch (const std::exception& error) {
    std::strncpy(message, error.what(), room - 1);
    message[room - 1] = 0;
    return nullptr;
  }
}
