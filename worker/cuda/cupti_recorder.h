#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

#include <cupti_activity.h>

#include "worker/cuda/cupti_records.h"
#include "worker/trace/activity_recorder.h"

namespace worker {

/// Records kernels, copies and fills of the current CUDA device by CUPTI's activity API, which
/// gives their times by the clock of spans. From its making on, so that what CUPTI does at first is
/// not part of a step. One at a time in a process.
class CuptiRecorder final : public ActivityRecorder {
 public:
  /// Throws std::runtime_error where CUPTI refuses, with what to do.
  CuptiRecorder();
  ~CuptiRecorder() override;

  void start() override;
  /// Throws std::runtime_error too where CUPTI has dropped records or has no times for some, since
  /// a table without them would be wrong.
  Activities stop() override;

  void began(uint64_t id) override;
  void ended() override;

  // CUPTI's callbacks, on whatever thread.
  static void give_buffer(uint8_t** buffer, size_t* bytes, size_t* most_records);
  static void take_buffer(CUcontext context, uint32_t stream, uint8_t* buffer, size_t bytes,
                          size_t valid_bytes);

 private:
  /// Kinds of activity that CUPTI records while this lives.
  class Kinds {
   public:
    Kinds() = default;
    Kinds(const Kinds&) = delete;
    Kinds& operator=(const Kinds&) = delete;
    ~Kinds() { disable(); }
    void enable(CUpti_ActivityKind kind);
    void disable();

   private:
    std::vector<CUpti_ActivityKind> enabled_;
  };

  void read(uint8_t* buffer, size_t valid_bytes);
  /// Waits for the device and has CUPTI hand over what it holds.
  void flush();
  /// Keeps the first failure of a function that must not throw.
  void note(CUptiResult result);

  Kinds kinds_;
  std::mutex mutex_;
  bool recording_ = false;
  CuptiRecords records_;
  size_t dropped_ = 0;
  CUptiResult failure_ = CUPTI_SUCCESS;
};

}  // namespace worker
