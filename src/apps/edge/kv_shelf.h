#pragma once
// The shelf of documents in Workers KV. What lies there may be old or gone, which does no harm: its
// name is the document's ETag.
#include "apps/edge/host.h"
#include "ports/document_shelf.h"

namespace kontor::edge {

class KvShelf final : public DocumentShelf {
 public:
  explicit KvShelf(Host& host) : host_(host) {}
  Task<SharedBytes> find(std::string name) override;
  void put(std::string name, SharedBytes document) override;

 private:
  Host& host_;
};

}  // namespace kontor::edge
