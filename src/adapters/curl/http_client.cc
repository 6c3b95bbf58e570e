// libcurl's easy interface, set up anew for each request on a handle that keeps its connections.
#include "adapters/curl/http_client.h"

#include <cstdio>
#include <curl/curl.h>

namespace kontor::curl {
namespace {

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, FreeList>;

bool append(HeaderList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (!longer) return false;
  (void)list.release();
  list.reset(longer);
  return true;
}

// To curl "Name;" is a header with an empty value and "Name:" takes away one of its own: it would
// wait for 100-continue and call a body a form.
HeaderList header_list(const HttpFields& headers) {
  HeaderList list;
  bool whole = append(list, "Expect:") && append(list, "Content-Type:");
  for (const auto& [name, value] : headers)
    whole = whole && append(list, value.empty() ? name + ";" : name + ": " + value);
  if (!whole) list.reset();
  return list;
}

struct Receiver {
  HttpAnswer answer;
  std::uint64_t most_bytes = 0;
  const std::function<bool(std::string_view)>& sink;
  const std::function<void(int)>& begun;
  CURL* curl = nullptr;
  bool has_begun = false;
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* target) {
  auto& to = *static_cast<Receiver*>(target);
  if (to.begun && !std::exchange(to.has_begun, true)) {
    long status = 0;
    curl_easy_getinfo(to.curl, CURLINFO_RESPONSE_CODE, &status);
    to.begun(static_cast<int>(status));
  }
  if (to.sink) return to.sink({data, size}) ? size : 0;
  if (to.answer.body.size() + size > to.most_bytes) return 0;
  to.answer.body.append(data, size);
  return size;
}

// A status line begins a new head: interim answers (100) come before the real one.
std::size_t on_header(char* data, std::size_t, std::size_t size, void* target) {
  auto& headers = static_cast<Receiver*>(target)->answer.headers;
  std::string_view line(data, size);
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  if (line.starts_with("HTTP/")) headers.clear();
  const auto colon = line.find(':');
  if (colon == line.npos) return size;
  std::string name(line.substr(0, colon));
  for (char& c : name)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  auto value = line.substr(colon + 1);
  while (value.starts_with(' ')) value.remove_prefix(1);
  headers.emplace_back(std::move(name), value);
  return size;
}

std::size_t on_send(char* data, std::size_t, std::size_t size, void* source) {
  const auto read = static_cast<BodySource*>(source)->read({data, size});
  return read ? *read : CURL_READFUNC_ABORT;
}

int on_rewind(void* source, curl_off_t offset, int origin) {
  const bool start = offset == 0 && origin == SEEK_SET;
  return start && static_cast<BodySource*>(source)->rewind() ? CURL_SEEKFUNC_OK
                                                             : CURL_SEEKFUNC_CANTSEEK;
}

void set_source(CURL* curl, BodySource& source) {
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(source.size()));
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_send);
  curl_easy_setopt(curl, CURLOPT_READDATA, &source);
  curl_easy_setopt(curl, CURLOPT_SEEKFUNCTION, on_rewind);
  curl_easy_setopt(curl, CURLOPT_SEEKDATA, &source);
}

// curl's clock of slowness counts whole seconds.
void set_idle_limit(CURL* curl, Duration idle) {
  if (idle.ms <= 0) return;
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, static_cast<long>((idle.ms + 999) / 1000));
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(idle.ms));
}

int on_progress(void* target, curl_off_t to_receive, curl_off_t received, curl_off_t to_send,
                curl_off_t sent) {
  const auto number = [](curl_off_t n) { return static_cast<std::uint64_t>(n < 0 ? 0 : n); };
  const auto& watch = *static_cast<const std::function<void(const Transfer&)>*>(target);
  watch({number(sent), number(to_send), number(received), number(to_receive)});
  return 0;
}

void set_watch(CURL* curl, const HttpRequest& request) {
  if (!request.watch) return;
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &request.watch);
}

void set_rules(CURL* curl, const HttpClientOptions& options) {
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(options.timeout.ms));
  set_idle_limit(curl, options.idle);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
  if (!options.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, options.ca_file.c_str());
}

void set_method(CURL* curl, const HttpRequest& request) {
  if (request.method == "HEAD") {
    curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  } else if (request.source) {
    set_source(curl, *request.source);
  } else if (request.method != "GET" || !request.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
  }
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

}  // namespace

std::string_view HttpAnswer::header(std::string_view name) const {
  for (const auto& [other, value] : headers)
    if (other == name) return value;
  return {};
}

struct HttpClient::Impl {
  HttpClientOptions options;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{nullptr, &curl_easy_cleanup};
};

HttpClient::HttpClient(HttpClientOptions options) : impl_(std::make_unique<Impl>()) {
  curl_global_init(CURL_GLOBAL_DEFAULT);
  impl_->options = std::move(options);
  impl_->curl.reset(curl_easy_init());
}

HttpClient::~HttpClient() {
  impl_->curl.reset();
  curl_global_cleanup();
}

Result<HttpAnswer> HttpClient::send(const HttpRequest& request) {
  CURL* curl = impl_->curl.get();
  const auto headers = header_list(request.headers);
  if (!curl || !headers) return fail(Code::unavailable, "The HTTP client cannot be set up.");
  char why[CURL_ERROR_SIZE] = "";
  Receiver receiver{{}, impl_->options.most_bytes, request.sink, request.begun, curl};
  curl_easy_reset(curl);
  set_rules(curl, impl_->options);
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, why);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &receiver);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &receiver);
  set_method(curl, request);
  set_watch(curl, request);
  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK) return fail(Code::unavailable, *why ? why : curl_easy_strerror(code));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  receiver.answer.status = static_cast<int>(status);
  return std::move(receiver.answer);
}

}  // namespace kontor::curl
