// What training the perceptrons calls of DJL 0.36's interface to PyTorch (the native methods of ai.djl.pytorch.jni.PyTorchLibrary), against the
// libtorch that it is compiled with. DJL's own library fits libtorch 2.7.1 alone. Another method ends in an UnsatisfiedLinkError with its name.
//
// A handle is the address of a torch::Tensor on the heap, and Java's until torchDeleteTensor.

#include <c10/core/GradMode.h>
#include <jni.h>
#include <torch/torch.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using torch::Tensor;

const Tensor& tensor(jlong handle) { return *reinterpret_cast<const Tensor*>(handle); }

jlong handle(Tensor tensor) { return reinterpret_cast<jlong>(new Tensor(std::move(tensor))); }

// Runs the body; what it throws becomes DJL's EngineException.
template <typename Body>
auto guarded(JNIEnv* env, Body body) -> decltype(body()) {
  std::string message;
  try {
    return body();
  } catch (const std::exception& e) {
    message = e.what();
  } catch (...) {
    message = "unknown exception of libtorch";
  }
  env->ThrowNew(env->FindClass("ai/djl/engine/EngineException"), message.c_str());
  return decltype(body())();
}

std::vector<int64_t> longs(JNIEnv* env, jlongArray array) {
  std::vector<int64_t> values(env->GetArrayLength(array));
  env->GetLongArrayRegion(array, 0, static_cast<jsize>(values.size()), reinterpret_cast<jlong*>(values.data()));
  return values;
}

torch::Device device(JNIEnv* env, jintArray array) {
  jint typeAndIndex[2];
  env->GetIntArrayRegion(array, 0, 2, typeAndIndex);
  auto type = static_cast<torch::DeviceType>(typeAndIndex[0]);
  return torch::Device(type, static_cast<c10::DeviceIndex>(type == torch::kCPU ? -1 : typeAndIndex[1]));
}

// By the ordinals of DJL's DataType.
constexpr torch::ScalarType TYPES[] = {torch::kFloat32, torch::kFloat64, torch::kFloat16, torch::kUInt8,
    torch::kInt32, torch::kInt8, torch::kInt64, torch::kBool, torch::kComplexFloat};

torch::ScalarType type(jint ordinal) {
  if (ordinal < 0 || ordinal > 8) {
    throw std::invalid_argument("data type " + std::to_string(ordinal));
  }
  return TYPES[ordinal];
}

torch::TensorOptions options(JNIEnv* env, jint dtype, jint layout, jintArray where, jboolean grad) {
  if (layout != 0) {
    throw std::invalid_argument("only dense tensors here");
  }
  return torch::TensorOptions().dtype(type(dtype)).device(device(env, where)).requires_grad(grad == JNI_TRUE);
}

}  // namespace

#define DJL(result, name, ...) \
  extern "C" JNIEXPORT result JNICALL Java_ai_djl_pytorch_jni_PyTorchLibrary_##name(JNIEnv* env, jobject, ##__VA_ARGS__)

#define TENSOR(expression) return guarded(env, [&]() -> jlong { return handle(expression); })
#define VOID(statement) guarded(env, [&]() -> void { statement; })
#define UNARY(name, expression) DJL(jlong, name, jlong a) { TENSOR(expression); }
#define BINARY(name, expression) DJL(jlong, name, jlong a, jlong b) { TENSOR(expression); }

// The engine.

DJL(jboolean, torchIsGradMode) { return c10::GradMode::is_enabled(); }
DJL(void, torchSetGradMode, jboolean on) { c10::GradMode::set_enabled(on == JNI_TRUE); }
DJL(jint, torchGetNumInteropThreads) { return torch::get_num_interop_threads(); }
DJL(jint, torchGetNumThreads) { return torch::get_num_threads(); }
DJL(void, torchSetNumInteropThreads, jint n) { VOID(torch::set_num_interop_threads(n)); }
DJL(void, torchSetNumThreads, jint n) { VOID(torch::set_num_threads(n)); }

DJL(void, torchShowConfig, jobject set) {
  guarded(env, [&]() -> void {
    auto add = env->GetMethodID(env->GetObjectClass(set), "add", "(Ljava/lang/Object;)Z");
    auto say = [&](bool has, const char* feature) {
      if (has) {
        env->CallBooleanMethod(set, add, env->NewStringUTF(feature));
      }
    };
    say(torch::cuda::is_available(), "CUDA");
    say(torch::cuda::cudnn_is_available(), "CUDNN");
    say(at::hasMKL(), "MKL");
    say(at::hasOpenMP(), "OPENMP");
  });
}

// What a tensor is.

DJL(jlongArray, torchSizes, jlong a) {
  auto sizes = tensor(a).sizes();
  auto array = env->NewLongArray(static_cast<jsize>(sizes.size()));
  env->SetLongArrayRegion(
      array, 0, static_cast<jsize>(sizes.size()), reinterpret_cast<const jlong*>(sizes.data()));
  return array;
}

DJL(jint, torchDType, jlong a) {
  auto is = tensor(a).scalar_type();
  for (jint ordinal = 0; ordinal < 8; ordinal++) {
    if (TYPES[ordinal] == is) {
      return ordinal;
    }
  }
  return 8;
}

DJL(jintArray, torchDevice, jlong a) {
  auto on = tensor(a).device();
  const jint typeAndIndex[] = {static_cast<jint>(on.type()), on.index()};
  auto array = env->NewIntArray(2);
  env->SetIntArrayRegion(array, 0, 2, typeAndIndex);
  return array;
}

DJL(jint, torchLayout, jlong a) { return tensor(a).layout() == torch::kStrided ? 0 : 1; }
DJL(jboolean, torchIsContiguous, jlong a) { return tensor(a).is_contiguous(); }

// To and from Java.

DJL(jlong, torchFromBlob, jobject buffer, jlongArray shape, jint dtype, jint, jintArray where, jboolean grad) {
  TENSOR(torch::from_blob(env->GetDirectBufferAddress(buffer), longs(env, shape),
      torch::TensorOptions().dtype(type(dtype)).requires_grad(grad == JNI_TRUE))
             .to(device(env, where)));
}

DJL(jobject, torchDirectByteBuffer, jlong a) {
  return env->NewDirectByteBuffer(tensor(a).data_ptr(), static_cast<jlong>(tensor(a).nbytes()));
}

DJL(jbyteArray, torchDataPtr, jlong a) {
  auto dense = tensor(a).contiguous();
  auto array = env->NewByteArray(static_cast<jsize>(dense.nbytes()));
  env->SetByteArrayRegion(
      array, 0, static_cast<jsize>(dense.nbytes()), static_cast<const jbyte*>(dense.data_ptr()));
  return array;
}

DJL(jlong, torchTo, jlong a, jint dtype, jintArray where) {
  torch::NoGradGuard guard;
  TENSOR(tensor(a).to(device(env, where), type(dtype)));
}

DJL(jlong, tensorClone, jlong a) {
  torch::NoGradGuard guard;
  TENSOR(tensor(a).clone());
}

DJL(void, torchDeleteTensor, jlong a) { delete reinterpret_cast<Tensor*>(a); }
UNARY(torchToContiguous, tensor(a).contiguous())

// New ones.

DJL(jlong, torchZeros, jlongArray shape, jint dtype, jint layout, jintArray where, jboolean grad) {
  TENSOR(torch::zeros(longs(env, shape), options(env, dtype, layout, where, grad)));
}
DJL(jlong, torchOnes, jlongArray shape, jint dtype, jint layout, jintArray where, jboolean grad) {
  TENSOR(torch::ones(longs(env, shape), options(env, dtype, layout, where, grad)));
}

// Arithmetic.

BINARY(torchAdd, tensor(a).add(tensor(b)))
BINARY(torchSub, tensor(a).sub(tensor(b)))
BINARY(torchMul, tensor(a).mul(tensor(b)))
BINARY(torchTrueDivide, tensor(a).div(tensor(b)))
BINARY(torchMatmul, tensor(a).matmul(tensor(b)))
DJL(void, torchSubi, jlong a, jlong b) { VOID(tensor(a).sub_(tensor(b))); }
UNARY(torchAbs, tensor(a).abs())
UNARY(torchNeg, tensor(a).neg())
UNARY(torchExp, tensor(a).exp())
UNARY(torchLog, tensor(a).log())
UNARY(torchFloor, tensor(a).floor())
UNARY(torchRound, tensor(a).round())
UNARY(torchNNRelu, torch::relu(tensor(a)))
UNARY(torchMean__J, tensor(a).mean())
DJL(jlong, torchClamp, jlong a, jlong low, jlong high) { TENSOR(tensor(a).clamp(tensor(low).item(), tensor(high).item())); }
DJL(jlong, torchPermute, jlong a, jlongArray axes) { TENSOR(tensor(a).permute(longs(env, axes))); }
DJL(jlong, torchUnsqueeze, jlong a, jlong axis) { TENSOR(tensor(a).unsqueeze(axis)); }

// Gradients.

DJL(void, torchAttachGrad, jlong a, jboolean on) { VOID(tensor(a).requires_grad_(on == JNI_TRUE)); }
DJL(jlong, torchGrad, jlong a) {
  const auto& gradient = tensor(a).grad();
  return gradient.defined() ? handle(gradient) : 0;
}
UNARY(torchDetachGrad, tensor(a).detach())
DJL(void, torchBackward, jlong a, jlong gradient, jboolean keep, jboolean create) {
  VOID(tensor(a).backward(tensor(gradient), keep == JNI_TRUE, create == JNI_TRUE));
}
DJL(void, zeroGrad, jlong a) {
  torch::NoGradGuard guard;
  VOID(if (tensor(a).grad().defined()) { tensor(a).grad().zero_(); });
}

// One step of Adam (Kingma and Ba 2015); `rate` has the correction of the bias in it. AdamW takes the decay from the weights themselves.
DJL(void, adamUpdate, jlong weights, jlong gradient, jlong mean, jlong variance, jfloat plainRate, jfloat rate,
    jfloat decay, jfloat rescale, jfloat clip, jfloat beta1, jfloat beta2, jfloat epsilon, jboolean decoupled) {
  torch::NoGradGuard guard;
  guarded(env, [&]() -> void {
    auto slope = tensor(gradient).mul(rescale);
    if (clip >= 0) {
      slope.clamp_max_(clip);
    }
    if (decoupled == JNI_TRUE) {
      tensor(weights).mul_(1 - plainRate * decay);
    } else {
      slope.add_(tensor(weights), decay);
    }
    tensor(mean).mul_(beta1).add_(slope, 1 - beta1);
    tensor(variance).mul_(beta2).addcmul_(slope, slope, 1 - beta2);
    tensor(weights).sub_(tensor(mean).mul(rate).div(tensor(variance).sqrt().add(epsilon)));
  });
}
