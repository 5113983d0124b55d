package event

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/fnv"
)

// Shards is the number of chains that the events of a database are spread over. It is part
// of the stored format and never changes.
const Shards = 8

// Shard gives the shard of a key, 0 to Shards-1. It is part of the stored format.
func Shard(key string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key))
	return int(h.Sum32() % Shards)
}

// format begins every canonical encoding; another encoding would be another word.
const format = "zhijian.event.1"

// Canonical gives the bytes that an event's hash is taken over: Prev and all fields but
// Hash, each with its length in front, so that no two events share an encoding.
func (e Event) Canonical() []byte {
	b := make([]byte, 0, 192+len(e.Data))
	for _, n := range []int64{int64(e.Shard), e.Position, e.ID, e.At.UnixMilli(), e.Meta.Account} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	text := func(s string) {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	text(format)
	text(string(e.Prev))
	text(e.Name)
	text(e.Key)
	text(e.Meta.Actor)
	text(e.Meta.Region)
	text(e.Meta.Sector)
	text(e.Meta.Service)
	text(string(e.Data))
	return b
}

// Sum gives the hash that belongs into e.Hash: SHA-256 of Canonical.
func (e Event) Sum() []byte {
	sum := sha256.Sum256(e.Canonical())
	return sum[:]
}

// Head is the end of one shard's chain. The zero Position with no hash is the end of an empty shard.
type Head struct {
	Shard    int
	Position int64
	Hash     []byte
}

// Break is the first place where a chain does not hold.
type Break struct {
	Shard    int
	Position int64
	Reason   string
}

// Error names shard, position and reason.
func (b *Break) Error() string {
	return fmt.Sprintf("event log shard %d position %d: %s", b.Shard, b.Position, b.Reason)
}

// Next checks that e is the event right after h: the next position of the same shard, linked
// to h's hash, with its own hash true and its key at home in the shard. It gives the head
// after e; the error is a *Break.
func (h Head) Next(e Event) (Head, error) {
	reason := ""
	switch {
	case e.Shard != h.Shard:
		reason = fmt.Sprintf("it belongs to shard %d", e.Shard)
	case e.Position != h.Position+1:
		reason = fmt.Sprintf("it is missing, the next is %d", e.Position)
	case !bytes.Equal(e.Prev, h.Hash):
		reason = "it is not linked to the event before it"
	case !bytes.Equal(e.Hash, e.Sum()):
		reason = "its content does not match its hash"
	case Shard(e.Key) != e.Shard:
		reason = fmt.Sprintf("its key is at home in shard %d", Shard(e.Key))
	default:
		return Head{Shard: e.Shard, Position: e.Position, Hash: e.Hash}, nil
	}
	return h, &Break{Shard: h.Shard, Position: h.Position + 1, Reason: reason}
}

// Verify checks that list follows h link by link. It gives the head after the last good
// event; the error is a *Break at the first bad one.
func Verify(h Head, list []Event) (Head, error) {
	for _, e := range list {
		next, err := h.Next(e)
		if err != nil {
			return h, err
		}
		h = next
	}
	return h, nil
}

// Raw is a body that is already JSON: what a timer or an import puts into the log.
type Raw struct {
	Meta
	Name string // the event's name
	JSON []byte // a JSON value
}

// EventName gives Name.
func (r Raw) EventName() string { return r.Name }

// MarshalJSON gives JSON, or null for none.
func (r Raw) MarshalJSON() ([]byte, error) {
	if len(r.JSON) == 0 {
		return []byte("null"), nil
	}
	return json.RawMessage(r.JSON).MarshalJSON()
}
