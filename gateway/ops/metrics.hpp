// Counters, gauges and latency histograms in the Prometheus text format. Labels never hold personal data, and
// their values are few: integration ids, outcomes, problem codes.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>

namespace trevo::metrics {

using Labels = std::map<std::string, std::string>;

// A handle to one series; cheap to copy, valid as long as its Registry. add() and observe() are lock-free.
class Counter {
  public:
    explicit Counter(void* series = nullptr) : series_(series) {}
    void add(double amount = 1) const;

  private:
    void* series_;
};

class Histogram {
  public:
    explicit Histogram(void* series = nullptr) : series_(series) {}
    void observe(double seconds) const;

  private:
    void* series_;
};

class Registry {
  public:
    Registry();
    ~Registry();

    // The same name and labels give the same series. Thread-safe; keep the handle, asking again costs a lock.
    Counter counter(const std::string& name, const std::string& help, const Labels& labels = {});
    Histogram histogram(const std::string& name, const std::string& help, const Labels& labels = {});

    // `value` is asked at each scrape, on the scraping thread.
    void gauge(const std::string& name, const std::string& help, std::function<double()> value);

    std::string text();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

} // namespace trevo::metrics
