#pragma once
// Ori's routes beside npm's and those of advisories over in-memory stores, asked as a host asks
// them.
#include "adapters/memory/log_store.h"
#include "adapters/memory/store_audit.h"
#include "formats/ori/routes.h"
#include "registry/advisories/routes.h"
#include "tests/support/npm_world.h"
#include "tests/support/ori_archive.h"

#include <string>

namespace kontor::test {

struct OriWorld : NpmWorld {
  OriWorld();

  Answer publish_ori(const OriPackage& package, const std::string& user = "alice");
  // The same with these bytes as the archive.
  Answer publish_bytes(const std::string& name, std::string archive,
                       const std::string& user = "alice");

  memory::LogStore log_store{database};
  memory::BlobInventory inventory{blobs};
  memory::StoreAudit audit{database};
  SweepEraser eraser{inventory, audit};
  ori::Service ori{registry, log_store, blobs, &eraser};
  RouteTable<ori::Service> ori_routes;
  RouteTable<Registry> advisory_table;
  Gateway both;
};

}  // namespace kontor::test
