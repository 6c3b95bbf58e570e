// The checks in the order of the protocol.
#include "logclient/witness.h"

#include "tlog/lines.h"

namespace kontor::logclient {
namespace {

WitnessReply refuse(std::uint16_t status, std::string_view words) {
  return {.status = status, .body = std::string(words) + "\n"};
}

WitnessReply tell_size(std::uint64_t size) {
  return {.status = 409, .type = tlog::kWitnessSizeType, .body = std::to_string(size) + "\n"};
}

}  // namespace

WitnessReply Witness::add_checkpoint(ByteView body, std::uint64_t now) {
  const auto request = tlog::parse_add_checkpoint(body);
  if (!request) return refuse(400, request.error().message());
  ByteView rest = request->checkpoint;
  const auto trust = tlog::trust_in(policy_, tlog::take_line(rest).value_or(""));
  if (trust.log_keys.empty()) return refuse(404, "This log is not witnessed here.");
  const auto opened = tlog::open_checkpoint(request->checkpoint, {trust.log_keys, {}, 0}, ed25519_);
  if (!opened)
    return refuse(opened.error().code == Code::invalid_signature ? 403 : 400,
                  opened.error().message());
  const tlog::Checkpoint& checkpoint = opened->checkpoint;
  if (request->old_size > checkpoint.head.size)
    return refuse(400, "The old size is beyond that of the checkpoint.");
  const auto known = heads_.read(checkpoint.origin);
  if (!known) return refuse(503, known.error().message());
  if (known->size != request->old_size) return tell_size(known->size);
  const auto grown = tlog::verify_consistency(request->proof, *known, checkpoint.head);
  if (!grown) return refuse(422, grown.error().message());
  const auto stored = heads_.store(checkpoint.origin, checkpoint.head, request->checkpoint);
  if (!stored) return refuse(503, stored.error().message());
  const auto note = tlog::parse_note(request->checkpoint);
  const auto line = tlog::make_cosignature(signer_.key(), now,
                                           signer_.sign(tlog::cosigned_bytes(note->text, now)));
  return {.body = tlog::print_signatures({&line, 1})};
}

}  // namespace kontor::logclient
