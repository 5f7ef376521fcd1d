#include "ops/metrics.hpp"

#include <mutex>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>
#include <vector>

namespace trevo::metrics {

struct Registry::Impl {
    std::mutex mutex;
    prometheus::Registry registry;
    std::map<std::string, prometheus::Family<prometheus::Counter>*> counters;
    std::map<std::string, prometheus::Family<prometheus::Histogram>*> histograms;
    std::vector<std::pair<prometheus::Gauge*, std::function<double()>>> gauges;
};

Registry::Registry() : impl_(std::make_unique<Impl>()) {}
Registry::~Registry() = default;

void Counter::add(double amount) const {
    if (series_) static_cast<prometheus::Counter*>(series_)->Increment(amount);
}

void Histogram::observe(double seconds) const {
    if (series_) static_cast<prometheus::Histogram*>(series_)->Observe(seconds);
}

Counter Registry::counter(const std::string& name, const std::string& help, const Labels& labels) {
    const std::lock_guard lock(impl_->mutex);
    auto& family = impl_->counters[name];
    if (!family) family = &prometheus::BuildCounter().Name(name).Help(help).Register(impl_->registry);
    return Counter(&family->Add(labels));
}

Histogram Registry::histogram(const std::string& name, const std::string& help, const Labels& labels) {
    static const prometheus::Histogram::BucketBoundaries kSeconds = {
        0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
    const std::lock_guard lock(impl_->mutex);
    auto& family = impl_->histograms[name];
    if (!family) family = &prometheus::BuildHistogram().Name(name).Help(help).Register(impl_->registry);
    return Histogram(&family->Add(labels, kSeconds));
}

void Registry::gauge(const std::string& name, const std::string& help, std::function<double()> value) {
    const std::lock_guard lock(impl_->mutex);
    auto& family = prometheus::BuildGauge().Name(name).Help(help).Register(impl_->registry);
    impl_->gauges.emplace_back(&family.Add({}), std::move(value));
}

std::string Registry::text() {
    const std::lock_guard lock(impl_->mutex);
    for (const auto& [gauge, value] : impl_->gauges)
        gauge->Set(value());
    return prometheus::TextSerializer().Serialize(impl_->registry.Collect());
}

} // namespace trevo::metrics
