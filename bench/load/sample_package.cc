// Text is made of words with the skew of real texts, so that it compresses about four to one.
#include "bench/load/sample_package.h"

#include "archive/gzip_writer.h"
#include "base/encoding.h"
#include "base/sha1.h"
#include "base/sha512.h"
#include "tests/support/tar_writer.h"

#include <array>
#include <random>

namespace kontor::load {
namespace {

constexpr int kLevel = 1;
constexpr double kTextRatio = 2.6;  // of that text at that level

std::string manifest_of(const Sample& sample) {
  return R"({"name":")" + sample.name + R"(","version":")" + sample.version +
         R"(","description":"A package of the write benchmark","main":"index.js",)"
         R"("scripts":{"test":"node test.js"},"keywords":["bench","sample"],"license":"MIT",)"
         R"("author":"ann","dependencies":{"left-pad":"^1.3.0","express":"^4.18.2"},)"
         R"("engines":{"node":">=18"}})";
}

std::string source_text(std::size_t bytes, std::uint64_t seed) {
  static constexpr std::array<std::string_view, 32> kWords = {
      "const ",  "return ", "function ", "if (",   ") {\n  ", ";\n",    "await ", "export ",
      "import ", "from ",   "options.",  "this.",  "value",   "result", "name",   "length",
      " = ",     " === ",   " => ",      "(",      ")",       ", ",     "\n}\n",  "'use strict'",
      "error",   "index",   "package",   "throw ", "new ",    "Map()",  "Error(", "null"};
  std::mt19937_64 random(seed);
  std::string out;
  out.reserve(bytes + 32);
  while (out.size() < bytes) {
    const auto draw = random();
    out += kWords[draw % kWords.size()];
    if (draw >> 62 == 0) out += to_base62(draw % 3844, 2);
  }
  return out;
}

std::string random_bytes(std::size_t bytes, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string out(bytes / 8 * 8, '\0');
  for (std::size_t at = 0; at < out.size(); at += 8) {
    const auto draw = random();
    out.replace(at, 8, reinterpret_cast<const char*>(&draw), 8);
  }
  return out;
}

}  // namespace

std::string tarball_of(const Sample& sample) {
  const auto seed = std::hash<std::string>()(sample.name + '@' + sample.version);
  test::TarWriter tar;
  tar.file("package/package.json", manifest_of(sample));
  tar.file("package/README.md", "# " + sample.name + "\n\nMade to be measured.\n");
  if (!sample.compressible) {
    tar.file("package/index.bin", random_bytes(sample.tarball_bytes, seed));
    return gzip(tar.tar(), 0);
  }
  const auto text = static_cast<double>(sample.tarball_bytes) * kTextRatio;
  tar.file("package/index.js", source_text(static_cast<std::size_t>(text), seed));
  return gzip(tar.tar(), kLevel);
}

std::string publish_document(const Sample& sample, const std::string& tarball) {
  std::string manifest = manifest_of(sample);
  manifest.pop_back();
  const auto file = sample.name + "-" + sample.version + ".tgz";
  manifest +=
      R"(,"_id":")" + sample.name + "@" + sample.version +
      R"(","readme":"Made to be measured.","_nodeVersion":"20.20.2","_npmVersion":"10.8.2",)"
      R"("dist":{"integrity":"sha512-)" +
      to_base64(sha512(tarball).view()) + R"(","shasum":")" + sha1(tarball).hex() +
      R"(","tarball":"http://localhost/)" + sample.name + "/-/" + file + R"("}})";
  return R"({"_id":")" + sample.name + R"(","name":")" + sample.name +
         R"(","description":"A package of the write benchmark","dist-tags":{"latest":")" +
         sample.version + R"("},"versions":{")" + sample.version + R"(":)" + manifest +
         R"(},"access":null,"_attachments":{")" + file +
         R"(":{"content_type":"application/octet-stream","data":")" + to_base64(tarball) +
         R"(","length":)" + std::to_string(tarball.size()) + "}}}";
}

}  // namespace kontor::load
