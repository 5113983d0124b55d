package office

import (
	"crypto/sha256"
	"sync"
	"time"

	"zhijian/ground/clock"
)

// cache keeps answers of calls that are declared cacheable, at most maxKept of them, in memory.
// It holds hashes of questions, not the questions.
type cache struct {
	mu   sync.Mutex
	kept map[[32]byte]answer
}

type answer struct {
	data  map[string]any
	until time.Time
}

const maxKept = 2048

func newCache() *cache { return &cache{kept: map[[32]byte]answer{}} }

// slotOf names a question. encoding/json sorts members, so the same question is the same bytes.
func slotOf(call string, body []byte) [32]byte {
	return sha256.Sum256(append([]byte(call+"\n"), body...))
}

// get gives a kept answer that is fresh, or past its time by at most stale.
func (c *cache) get(slot [32]byte, now time.Time, stale time.Duration) (map[string]any, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a, ok := c.kept[slot]
	if !ok || !now.Before(a.until.Add(stale)) {
		return nil, false
	}
	return copied(a.data).(map[string]any), true
}

// put keeps an answer; one that does not say as of when it is gets the time it came.
func (c *cache) put(slot [32]byte, data map[string]any, now time.Time, keep time.Duration) map[string]any {
	if _, ok := data["as_of"]; !ok {
		data["as_of"] = now.In(clock.Shanghai).Format("2006-01-02T15:04:05-07:00")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.kept) >= maxKept {
		for k, a := range c.kept {
			if !now.Before(a.until) {
				delete(c.kept, k)
			}
		}
		if len(c.kept) >= maxKept {
			clear(c.kept)
		}
	}
	c.kept[slot] = answer{data: copied(data).(map[string]any), until: now.Add(keep)}
	return data
}

// copied gives a deep copy, so that no asker changes what another gets.
func copied(v any) any {
	switch v := v.(type) {
	case map[string]any:
		out := make(map[string]any, len(v))
		for k, e := range v {
			out[k] = copied(e)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, e := range v {
			out[i] = copied(e)
		}
		return out
	}
	return v
}
