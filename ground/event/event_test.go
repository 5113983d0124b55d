package event_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"zhijian/ground/event"
)

func sample() event.Event {
	return event.Event{
		Shard: event.Shard("payment:7"), Position: 1, ID: 4097, Name: "payment.paid", Key: "payment:7",
		At:   time.UnixMilli(1779775680123).UTC(),
		Meta: event.Meta{Actor: "channel", Account: 12, Region: "330100", Sector: "traffic", Service: "traffic-fine-payment"},
		Data: []byte(`{"fen":15000}`), Prev: []byte{},
	}
}

// The stored format must not change by accident: every chain out there would stop verifying.
func TestFormatIsPinned(t *testing.T) {
	t.Parallel()
	const want = "53ce37a4e5b8ab9df8c5ed02005c44322f3c17e61d53bb44726c9854e2be51b4"
	if got := hex.EncodeToString(sample().Sum()); got != want {
		t.Errorf("Sum() = %s, want %s", got, want)
	}
	for key, want := range map[string]int{"": 5, "a": 4, "payment:7": 2, "政务": 2} {
		if got := event.Shard(key); got != want {
			t.Errorf("Shard(%q) = %d, want %d", key, got, want)
		}
	}
}

// Every field counts, and nothing can be moved from one field into its neighbour.
func TestEveryFieldCounts(t *testing.T) {
	t.Parallel()
	edits := map[string]func(e *event.Event){
		"shard":              func(e *event.Event) { e.Shard++ },
		"position":           func(e *event.Event) { e.Position++ },
		"id":                 func(e *event.Event) { e.ID++ },
		"name":               func(e *event.Event) { e.Name += "x" },
		"key":                func(e *event.Event) { e.Key += "x" },
		"time":               func(e *event.Event) { e.At = e.At.Add(time.Millisecond) },
		"actor":              func(e *event.Event) { e.Meta.Actor = "system" },
		"account":            func(e *event.Event) { e.Meta.Account = -12 },
		"region":             func(e *event.Event) { e.Meta.Region = "" },
		"sector":             func(e *event.Event) { e.Meta.Sector = "Traffic" },
		"service":            func(e *event.Event) { e.Meta.Service += " " },
		"data":               func(e *event.Event) { e.Data = []byte(`{"fen": 15000}`) },
		"prev":               func(e *event.Event) { e.Prev = []byte{0} },
		"name moved to key":  func(e *event.Event) { e.Name, e.Key = "payment.pai", "d"+e.Key },
		"key moved to actor": func(e *event.Event) { e.Key, e.Meta.Actor = "payment:", "7"+e.Meta.Actor },
		"service to data":    func(e *event.Event) { e.Meta.Service, e.Data = "", append([]byte(e.Meta.Service), e.Data...) },
		"sectors swapped":    func(e *event.Event) { e.Meta.Region, e.Meta.Sector = e.Meta.Sector, e.Meta.Region },
	}
	sums := map[string]string{hex.EncodeToString(sample().Sum()): "the original"}
	for name, edit := range edits {
		e := sample()
		edit(&e)
		sum := hex.EncodeToString(e.Sum())
		if other, twice := sums[sum]; twice {
			t.Errorf("%s and %s have the same hash", name, other)
		}
		sums[sum] = name
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	start := event.Head{Shard: sample().Shard}
	var list []event.Event
	prev := []byte{}
	for i := range 5 {
		e := sample()
		e.Position, e.ID, e.Prev = int64(i+1), int64(i*8), prev
		e.Hash = e.Sum()
		prev = e.Hash
		list = append(list, e)
	}
	h, err := event.Verify(start, list)
	if err != nil || h.Position != 5 || !bytes.Equal(h.Hash, prev) {
		t.Errorf("Verify() = %+v, %v", h, err)
	}
	if h, err := event.Verify(h, nil); err != nil || h.Position != 5 {
		t.Errorf("Verify() of nothing = %+v, %v", h, err)
	}
	for name, c := range map[string]struct {
		list []event.Event
		at   int64
	}{
		"a gap":          {[]event.Event{list[0], list[2]}, 2},
		"a repeat":       {[]event.Event{list[0], list[0]}, 2},
		"no beginning":   {list[1:], 1},
		"another shard":  {[]event.Event{func() event.Event { e := list[0]; e.Shard = (e.Shard + 1) % event.Shards; e.Hash = e.Sum(); return e }()}, 1},
		"a strange key":  {[]event.Event{func() event.Event { e := list[0]; e.Key = "payment:8"; e.Hash = e.Sum(); return e }()}, 1},
		"an edited body": {[]event.Event{list[0], func() event.Event { e := list[1]; e.Data = []byte("{}"); return e }()}, 2},
	} {
		_, err := event.Verify(start, c.list)
		var b *event.Break
		if !errors.As(err, &b) || b.Shard != start.Shard || b.Position != c.at {
			t.Errorf("%s: Verify() = %v, want a break at %d", name, err, c.at)
		}
	}
}

func TestShardsAreEven(t *testing.T) {
	t.Parallel()
	var n [event.Shards]int
	for i := range 8000 {
		n[event.Shard(fmt.Sprint(1779775680000+i))]++
	}
	for s, k := range n {
		if k < 700 || k > 1300 {
			t.Errorf("shard %d has %d of 8000 keys", s, k)
		}
	}
}

type paid struct {
	event.Meta
	Fen int64 `json:"fen"`
}

func (paid) EventName() string { return "payment.paid" }

func TestBody(t *testing.T) {
	t.Parallel()
	var b event.Body = paid{Meta: event.Meta{Actor: "channel", Account: 12}, Fen: 15000}
	data, err := json.Marshal(b)
	if err != nil || string(data) != `{"fen":15000}` {
		t.Errorf("the body is %s, %v: the envelope must not be in it", data, err)
	}
	if b.Envelope() != (event.Meta{Actor: "channel", Account: 12}) {
		t.Errorf("Envelope() = %+v", b.Envelope())
	}
	later := event.Later{Body: b, At: time.Now()}
	if later.EventName() != "payment.paid" || later.Envelope().Account != 12 {
		t.Errorf("a later body is %s %+v", later.EventName(), later.Envelope())
	}
	var back paid
	if err := (event.Event{ID: 5, Name: "payment.paid", Data: data}).Decode(&back); err != nil || back.Fen != 15000 {
		t.Errorf("Decode() = %+v, %v", back, err)
	}
	if err := (event.Event{ID: 5, Name: "payment.paid", Data: []byte("{")}).Decode(&back); err == nil {
		t.Error("Decode() of half a body gave no error")
	}
	raw := event.Raw{Meta: b.Envelope(), Name: "payment.paid", JSON: data}
	if again, err := json.Marshal(raw); err != nil || !bytes.Equal(again, data) || raw.EventName() != "payment.paid" {
		t.Errorf("a raw body is %s, %v", again, err)
	}
	if empty, err := json.Marshal(event.Raw{}); err != nil || string(empty) != "null" {
		t.Errorf("an empty raw body is %s, %v", empty, err)
	}
}

// No two different pairs of texts give one encoding.
func FuzzCanonical(f *testing.F) {
	f.Add("payment.paid", "7", "payment.pai", "d7", []byte("{}"), []byte("{}"))
	f.Add("", "a", "a", "", []byte("x"), []byte{})
	f.Fuzz(func(t *testing.T, name1, key1, name2, key2 string, data1, data2 []byte) {
		a := event.Event{Name: name1, Key: key1, Data: data1}
		b := event.Event{Name: name2, Key: key2, Data: data2}
		same := name1 == name2 && key1 == key2 && bytes.Equal(data1, data2)
		if bytes.Equal(a.Canonical(), b.Canonical()) != same {
			t.Fatalf("%q %q %q and %q %q %q: one encoding", name1, key1, data1, name2, key2, data2)
		}
	})
}
