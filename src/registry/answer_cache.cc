// SIEVE (Zhang et al., NSDI 2024): a queue in order of arrival, a mark on what was used, and a hand
// that goes from the oldest to the newest, takes marks away and removes what has none.
#include "registry/answer_cache.h"

#include "base/siphash.h"

#include <algorithm>
#include <cstring>

namespace kontor {
namespace {

constexpr std::uint64_t kOverhead = 1024;  // bytes a form costs besides its texts

std::uint64_t size_of(const http::ReadyHead* head) {
  if (!head) return 0;
  std::uint64_t size = 0;
  for (const auto& header : head->response.headers)
    size += header.name.size() + header.value.size() + sizeof(http::Header);
  return 2 * size;  // the host keeps it in its own form
}

std::uint64_t size_of(const AnswerKey& key) {
  return key.path.size() + key.base_url.size() + key.accept.size() + key.accept_encoding.size();
}

std::uint64_t word(std::string_view bytes) {
  std::uint64_t out = 0;
  std::memcpy(&out, bytes.data(), sizeof out);
  return out;
}

}  // namespace

struct AnswerCache::Form {
  std::string_view path;  // the key of the map
  std::string base_url;
  std::string accept;
  std::string accept_encoding;
  KeptAnswer answer;
  std::uint64_t bytes = 0;
  bool used = false;
  Form* newer = nullptr;
  Form* older = nullptr;

  bool fits(const AnswerKey& key) const {
    return accept == key.accept && accept_encoding == key.accept_encoding &&
           base_url == key.base_url;
  }
};

std::size_t AnswerCache::Hash::operator()(std::string_view path) const {
  return siphash(path, key0, key1);
}

AnswerCache::AnswerCache(std::uint64_t max_bytes, Entropy& entropy) : max_bytes_(max_bytes) {
  const Bytes seed = entropy.bytes(16);
  paths_ = Paths(0, Hash{word(seed), word(std::string_view(seed).substr(8))});
}

AnswerCache::~AnswerCache() = default;

const KeptAnswer* AnswerCache::find(const AnswerKey& key) {
  const auto it = paths_.find(key.path);
  if (it == paths_.end()) return nullptr;
  for (const auto& form : it->second) {
    if (!form->fits(key)) continue;
    form->used = true;
    return &form->answer;
  }
  return nullptr;
}

void AnswerCache::put(const AnswerKey& key, KeptAnswer answer) {
  if (size_of(key) > kLongestKey) return;
  const auto bytes = kOverhead + size_of(key) + answer.etag.size() +
                     answer.subject.owners.size() * sizeof(Owner) + size_of(answer.full.get()) +
                     size_of(answer.not_modified.get());
  if (bytes > max_bytes_) return;
  if (const auto it = paths_.find(key.path); it != paths_.end()) {
    const auto& forms = it->second;
    const auto same = std::ranges::find_if(forms, [&](const auto& f) { return f->fits(key); });
    if (same != forms.end())
      remove(**same);
    else if (forms.size() >= kForms)
      remove(*forms.front());
  }
  make_room(bytes);
  auto& [path, forms] = *paths_.try_emplace(std::string(key.path)).first;
  auto& form = *forms.emplace_back(std::make_unique<Form>());
  form.path = path;
  form.base_url = key.base_url;
  form.accept = key.accept;
  form.accept_encoding = key.accept_encoding;
  form.answer = std::move(answer);
  // The resource is borrowed from the subject, which has its place now.
  form.answer.resource = {.package = form.answer.subject.key.name,
                          .visibility = form.answer.subject.visibility,
                          .owners = &form.answer.subject.owners};
  form.bytes = bytes;
  link(form);
}

void AnswerCache::use(const std::shared_ptr<const Settings>& settings) {
  if (settings_ == settings) return;
  clear();
  settings_ = settings;
}

void AnswerCache::clear() {
  paths_.clear();
  newest_ = oldest_ = hand_ = nullptr;
  bytes_ = 0;
}

void AnswerCache::make_room(std::uint64_t bytes) {
  while (bytes_ + bytes > max_bytes_) {
    if (!hand_) hand_ = oldest_;
    Form& form = *hand_;
    hand_ = form.newer;
    if (!std::exchange(form.used, false)) remove(form);
  }
}

void AnswerCache::link(Form& form) {
  form.older = newest_;
  (newest_ ? newest_->newer : oldest_) = &form;
  newest_ = &form;
  bytes_ += form.bytes;
}

void AnswerCache::unlink(Form& form) {
  if (hand_ == &form) hand_ = form.newer;
  (form.older ? form.older->newer : oldest_) = form.newer;
  (form.newer ? form.newer->older : newest_) = form.older;
  bytes_ -= form.bytes;
}

void AnswerCache::remove(Form& form) {
  unlink(form);
  const auto it = paths_.find(form.path);
  std::erase_if(it->second, [&](const auto& f) { return f.get() == &form; });
  if (it->second.empty()) paths_.erase(it);
}

}  // namespace kontor
