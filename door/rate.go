package door

import (
	"fmt"
	"hash/maphash"
	"net/netip"
	"sync"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/fault"
)

// Class is a kind of request that has its own rate.
type Class string

// The classes.
const (
	Reading   Class = "reading"   // pages
	Writing   Class = "writing"   // forms
	Searching Class = "searching" // search and location
	Signing   Class = "signing"   // sign-in, codes and proofs; identity keeps durable budgets besides
	Notices   Class = "notices"   // signed notices of known senders
	Machine   Class = "machine"   // the JSON API
)

// Rate is a token bucket per client: it holds Burst and gains Burst each Per.
type Rate struct {
	Burst int
	Per   time.Duration
}

// DefaultRates are the rates of security.md part 8 where it names them; the others are ten times what a busy
// family behind one address needs.
func DefaultRates() map[Class]Rate {
	return map[Class]Rate{
		Reading:   {500, 10 * time.Second}, // 50 a second
		Writing:   {120, time.Minute},
		Searching: {120, time.Minute},
		Signing:   {60, time.Hour},
		Notices:   {6000, time.Minute},
		Machine:   {600, time.Minute},
	}
}

const (
	shards        = 16
	perShard      = 4096 // clients remembered of each class; 16 × 4096 × about 100 bytes is 7 MB at most
	sweepAtATime  = 64
	bucketsMinPer = time.Second
)

type bucket struct {
	left float64
	at   int64 // Unix milliseconds of the last refill
}

// buckets are the buckets of one class. They are kept in memory and start full: what must outlive a restart is a
// budget of the domain.
type buckets struct {
	rate  Rate
	clock clock.Clock
	seed  maphash.Seed
	shard [shards]struct {
		sync.Mutex
		of map[netip.Addr]*bucket
	}
}

func bucketsFor(given map[Class]Rate, c clock.Clock) (map[Class]*buckets, error) {
	all := map[Class]*buckets{}
	for class, rate := range DefaultRates() {
		if own, ok := given[class]; ok {
			rate = own
		}
		if rate.Burst < 1 || rate.Per < bucketsMinPer {
			return nil, fmt.Errorf("door: rate of %s: at least 1 a second's window", class)
		}
		b := &buckets{rate: rate, clock: c, seed: maphash.MakeSeed()}
		for i := range b.shard {
			b.shard[i].of = map[netip.Addr]*bucket{}
		}
		all[class] = b
	}
	for class := range given {
		if all[class] == nil {
			return nil, fmt.Errorf("door: rate of unknown class %q", class)
		}
	}
	return all, nil
}

// take takes one token of a client; fault.TooMany "rate" when there is none.
func (b *buckets) take(client netip.Addr) error {
	client = block(client)
	now := clock.Millis(b.clock.Now())
	s := &b.shard[maphash.Comparable(b.seed, client)%shards]
	s.Lock()
	defer s.Unlock()
	one := s.of[client]
	if one == nil {
		if len(s.of) >= perShard {
			b.sweep(s.of, now)
		}
		one = &bucket{left: float64(b.rate.Burst), at: now}
		s.of[client] = one
	}
	b.refill(one, now)
	if one.left < 1 {
		wait := time.Duration((1 - one.left) / float64(b.rate.Burst) * float64(b.rate.Per))
		return fault.TooMany("rate", "操作太快了，请稍等一会儿再试").After(max(wait.Round(time.Second), time.Second))
	}
	one.left--
	return nil
}

func (b *buckets) refill(one *bucket, now int64) {
	if now <= one.at {
		return
	}
	gain := float64(now-one.at) / float64(b.rate.Per.Milliseconds()) * float64(b.rate.Burst)
	one.left, one.at = min(float64(b.rate.Burst), one.left+gain), now
}

// sweep makes room: it looks at some clients, which a map gives in random order, and forgets those whose bucket is full
// again; when all are busy it forgets one, so that memory stays bounded whatever addresses an attacker has.
func (b *buckets) sweep(of map[netip.Addr]*bucket, now int64) {
	seen, gone := 0, 0
	var last netip.Addr
	for a, one := range of {
		b.refill(one, now)
		if one.left >= float64(b.rate.Burst) {
			delete(of, a)
			gone++
		}
		last = a
		if seen++; seen >= sweepAtATime {
			break
		}
	}
	if gone == 0 {
		delete(of, last)
	}
}
