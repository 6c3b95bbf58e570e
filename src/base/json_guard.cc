// The scanner without anybody listening.
#include "base/json_guard.h"

#include "base/json_scanner.h"

namespace kontor {

Result<void> check_json(ByteView text, const JsonLimits& limits) {
  JsonHandler nobody;
  JsonScanner scanner(limits, nobody);
  if (auto done = scanner.feed(text); !done) return fail(done);
  return scanner.finish();
}

}  // namespace kontor
