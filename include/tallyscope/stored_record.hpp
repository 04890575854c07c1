// SPDX-License-Identifier: MIT
#pragma once

#include <tallyscope/detail/text.hpp>
#include <tallyscope/record.hpp>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace tallyscope::inline v0 {

class StoredRecord;

/// A stored record as a sink would be given it. Borrows the texts of the StoredRecord; stays where it is made.
class RecordView {
 public:
  explicit RecordView(const StoredRecord& stored) noexcept;
  RecordView(const RecordView&) = delete;
  RecordView& operator=(const RecordView&) = delete;

  const Record& operator*() const noexcept { return record_; }
  const Record* operator->() const noexcept { return &record_; }

 private:
  Caller caller_;
  Call call_;
  Response response_;
  Label labels_[label_limit];
  Part parts_[part_limit];
  Superseded superseded_;
  Record record_;
};

/// A record that lasts: bounded and trivially copyable, for queues, histories and tests. Texts stand at the end under
/// offsets, so that copying `size_in_use()` bytes copies it. Never allocates. Texts beyond 1,536 bytes in all are cut.
class StoredRecord {
 public:
  /// An empty record.
  StoredRecord() noexcept : StoredRecord{Record{}} {}
  explicit StoredRecord(const Record& record) noexcept;

  /// The record, for as long as this one lives.
  RecordView view() const noexcept { return RecordView{*this}; }
  /// `stored->usage`: a view for the length of one expression.
  RecordView operator->() const noexcept { return view(); }

  /// How many bytes of this object must be copied to copy the record.
  std::size_t size_in_use() const noexcept { return offsetof(StoredRecord, tail_) + used_; }

 private:
  friend class RecordView;

  struct Place {
    std::uint16_t offset = 0;
    std::uint16_t size = 0;
  };
  struct StoredCost {
    Money amount, known;
    CostState state;
    bool estimated, saturated;
    Place price_book;
  };
  struct StoredPart {
    Usage usage;
    Place model;
  };
  struct StoredLabel {
    Place key, value;
  };

  static constexpr std::size_t texts_size = 1536;
  static constexpr std::size_t tail_size = texts_size + part_limit * sizeof(StoredPart);

  Place keep(std::string_view text) noexcept;
  StoredCost keep(const Cost& cost) noexcept;
  void keep_parts(Row<Part> parts) noexcept;
  void keep_labels(Row<Label> labels) noexcept;

  std::string_view text(Place place) const noexcept {
    return {static_cast<const char*>(tail_ + place.offset), std::size_t{place.size}};
  }
  Operation operation() const noexcept { return Operation{text(operation_)}.interned(); }
  Cost cost(const StoredCost& cost) const noexcept;
  StoredPart part(std::size_t place) const noexcept;

  RecordId id_, of_;
  std::int64_t start_utc_, duration_ns_;
  Count first_token_ns_, sequence_;
  Usage usage_;
  Count characters_in_, characters_out_, estimated_input_, estimated_output_;
  Count superseded_input_, superseded_output_;
  std::uint64_t identity_hash_, price_hash_, server_hash_;
  Money provider_cost_;
  StoredCost cost_, superseded_cost_;
  float relative_error_;
  Diagnostics diagnostics_;
  Kind kind_;
  Outcome outcome_;
  Finality finality_;
  Source input_source_, output_source_;
  bool has_provider_cost_, has_superseded_, has_superseded_cost_;
  std::uint8_t part_count_, label_count_;
  Place tenant_, application_, user_, user_key_, session_, turn_;
  Place operation_, provider_, model_, name_, server_, endpoint_, region_;
  Place response_model_, service_tier_, response_region_, request_id_;
  Place error_type_, estimator_;
  StoredLabel labels_[label_limit];
  std::uint16_t used_;  // bytes of the tail
  alignas(8) char tail_[tail_size];
};

static_assert(std::is_trivially_copyable_v<StoredRecord>);

inline StoredRecord::StoredRecord(const Record& record) noexcept
    : id_{record.id},
      of_{record.of},
      start_utc_{record.start_utc},
      duration_ns_{record.duration_ns},
      first_token_ns_{record.first_token_ns},
      sequence_{record.sequence},
      usage_{record.usage},
      characters_in_{record.metered.characters_in},
      characters_out_{record.metered.characters_out},
      estimated_input_{record.metered.input_tokens},
      estimated_output_{record.metered.output_tokens},
      identity_hash_{record.call.identity_hash},
      price_hash_{record.call.price_hash},
      server_hash_{record.call.server_hash},
      provider_cost_{record.provider_cost.value_or(Money{})},
      relative_error_{record.metered.relative_error},
      diagnostics_{record.diagnostics},
      kind_{record.kind},
      outcome_{record.outcome},
      finality_{record.finality},
      input_source_{record.input_source},
      output_source_{record.output_source},
      has_provider_cost_{record.provider_cost.has_value()},
      has_superseded_{record.superseded != nullptr},
      used_{0} {
  keep_parts(record.parts);
  const Caller& caller = record.caller;
  const Call& call = record.call;
  tenant_ = keep(caller.tenant), application_ = keep(caller.application), user_ = keep(caller.user);
  user_key_ = keep(caller.user_key), session_ = keep(caller.session), turn_ = keep(caller.turn);
  operation_ = keep(call.operation.text()), provider_ = keep(call.provider), model_ = keep(call.model);
  name_ = keep(call.name), server_ = keep(call.server), endpoint_ = keep(call.endpoint), region_ = keep(call.region);
  response_model_ = keep(record.response.model), service_tier_ = keep(record.response.service_tier);
  response_region_ = keep(record.response.region), request_id_ = keep(record.response.request_id);
  error_type_ = keep(record.error_type), estimator_ = keep(record.metered.estimator);
  cost_ = keep(record.cost);
  const Superseded superseded = has_superseded_ ? *record.superseded : Superseded{};
  superseded_input_ = superseded.input_tokens, superseded_output_ = superseded.output_tokens;
  has_superseded_cost_ = superseded.cost.has_value();
  superseded_cost_ = keep(superseded.cost.value_or(Cost{}));
  keep_labels(record.labels);
}

inline StoredRecord::Place StoredRecord::keep(std::string_view text) noexcept {
  if (text.empty()) return {};
  const std::size_t room = tail_size - used_;
  std::size_t size = text.size();
  if (size <= room)
    std::memcpy(tail_ + used_, text.data(), size);
  else
    size = detail::copy_repaired(tail_ + used_, text, room, diagnostics_);
  const Place place{used_, static_cast<std::uint16_t>(size)};
  used_ = static_cast<std::uint16_t>(used_ + size);
  return place;
}

inline StoredRecord::StoredCost StoredRecord::keep(const Cost& cost) noexcept {
  return {cost.amount, cost.known, cost.state, cost.estimated, cost.saturated, keep(cost.price_book)};
}

inline void StoredRecord::keep_parts(Row<Part> parts) noexcept {
  part_count_ = static_cast<std::uint8_t>(parts.size() < part_limit ? parts.size() : part_limit);
  used_ = static_cast<std::uint16_t>(part_count_ * sizeof(StoredPart));
  for (std::size_t place = 0; place < part_count_; ++place) {
    const StoredPart part{parts[place].usage, keep(parts[place].model)};
    std::memcpy(tail_ + place * sizeof part, &part, sizeof part);
  }
}

inline void StoredRecord::keep_labels(Row<Label> labels) noexcept {
  label_count_ = static_cast<std::uint8_t>(labels.size() < label_limit ? labels.size() : label_limit);
  if (labels.size() > label_limit) diagnostics_.set(Diagnostic::label_dropped);
  for (std::size_t place = 0; place < label_count_; ++place)
    labels_[place] = {keep(labels[place].key), keep(labels[place].value)};
}

inline Cost StoredRecord::cost(const StoredCost& cost) const noexcept {
  return {.state = cost.state,
          .estimated = cost.estimated,
          .saturated = cost.saturated,
          .amount = cost.amount,
          .known = cost.known,
          .price_book = text(cost.price_book)};
}

inline StoredRecord::StoredPart StoredRecord::part(std::size_t place) const noexcept {
  StoredPart part;
  std::memcpy(&part, tail_ + place * sizeof part, sizeof part);
  return part;
}

inline RecordView::RecordView(const StoredRecord& stored) noexcept
    : caller_{stored.text(stored.tenant_),   stored.text(stored.application_), stored.text(stored.user_),
              stored.text(stored.user_key_), stored.text(stored.session_),     stored.text(stored.turn_)},
      call_{stored.operation(),          stored.text(stored.provider_), stored.text(stored.model_),
            stored.text(stored.name_),   stored.text(stored.server_),   stored.text(stored.endpoint_),
            stored.text(stored.region_), stored.identity_hash_,         stored.price_hash_,
            stored.server_hash_},
      response_{stored.text(stored.response_model_), stored.text(stored.service_tier_),
                stored.text(stored.response_region_), stored.text(stored.request_id_)},
      superseded_{stored.superseded_input_, stored.superseded_output_, {}},
      record_{.caller = caller_,
              .call = call_,
              .response = response_,
              .kind = stored.kind_,
              .outcome = stored.outcome_,
              .finality = stored.finality_,
              .input_source = stored.input_source_,
              .output_source = stored.output_source_,
              .diagnostics = stored.diagnostics_,
              .id = stored.id_,
              .of = stored.of_,
              .start_utc = stored.start_utc_,
              .duration_ns = stored.duration_ns_,
              .first_token_ns = stored.first_token_ns_,
              .sequence = stored.sequence_,
              .error_type = stored.text(stored.error_type_),
              .usage = stored.usage_,
              .metered = {stored.characters_in_, stored.characters_out_, stored.estimated_input_,
                          stored.estimated_output_, stored.text(stored.estimator_), stored.relative_error_},
              .cost = stored.cost(stored.cost_)} {
  for (std::size_t place = 0; place < stored.label_count_; ++place)
    labels_[place] = {stored.text(stored.labels_[place].key), stored.text(stored.labels_[place].value)};
  for (std::size_t place = 0; place < stored.part_count_; ++place) {
    const StoredRecord::StoredPart part = stored.part(place);
    parts_[place] = {stored.text(part.model), part.usage};
  }
  record_.labels = {labels_, stored.label_count_};
  record_.parts = {parts_, stored.part_count_};
  if (stored.has_provider_cost_) record_.provider_cost = stored.provider_cost_;
  if (stored.has_superseded_) record_.superseded = &superseded_;
  if (stored.has_superseded_cost_) superseded_.cost = stored.cost(stored.superseded_cost_);
}

}  // namespace tallyscope::inline v0
