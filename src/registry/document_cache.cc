// A list in order of use and an index into it.
#include "registry/document_cache.h"

namespace kontor {
namespace {

constexpr std::uint64_t kOverhead = 256;  // bytes an entry costs besides its content

// Of a budget: long documents are the costliest to make again, but they leave some room to others.
constexpr std::uint64_t largest_of(std::uint64_t budget) {
  return budget / 4 * 3;
}

}  // namespace

const DocumentCache::Entry* DocumentCache::find_entry(const std::string& name) {
  const auto it = by_name_.find(name);
  if (it == by_name_.end()) return nullptr;
  entries_.splice(entries_.begin(), entries_, it->second);
  return &*it->second;
}

SharedBytes DocumentCache::find(const std::string& etag) {
  if (const Entry* entry = find_entry(etag)) return entry->document;
  const auto large = large_.find(etag);
  return large == large_.end() ? nullptr : large->second.lock();
}

void DocumentCache::put(const std::string& etag, SharedBytes document) {
  const auto size = document->size() + kOverhead;
  if (size > largest_of(max_bytes_)) return put_large(etag, document);
  put_entry({etag, std::move(document), nullptr, size});
}

void DocumentCache::put_large(const std::string& etag, const SharedBytes& document) {
  std::erase_if(large_, [](const auto& entry) { return entry.second.expired(); });
  large_.try_emplace(etag, document);
}

SharedPart DocumentCache::find_part(const std::string& name) {
  const Entry* entry = find_entry(name);
  return entry ? entry->part : nullptr;
}

void DocumentCache::put_part(const std::string& name, SharedPart part) {
  const auto size = part->versions.deflated.size() + part->times.deflated.size() + kOverhead;
  if (size <= largest_of(max_bytes_)) put_entry({name, nullptr, std::move(part), size});
}

void DocumentCache::put_entry(Entry entry) {
  if (by_name_.contains(entry.name)) return;
  while (bytes_ + entry.size > max_bytes_) drop_oldest();
  bytes_ += entry.size;
  entries_.push_front(std::move(entry));
  by_name_[entries_.front().name] = entries_.begin();
}

void DocumentCache::drop_oldest() {
  const auto& oldest = entries_.back();
  bytes_ -= oldest.size;
  by_name_.erase(oldest.name);
  entries_.pop_back();
}

}  // namespace kontor
