package bundle

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"time"

	"zhijian/ground/actor"
	"zhijian/ground/cursor"
	"zhijian/ground/fault"
)

// exported is one bundle as its resident may take it along. Its cases stand among the resident's cases, by number.
type exported struct {
	No       string              `json:"no"`
	City     string              `json:"city"`
	Bundle   string              `json:"bundle"`
	Version  int                 `json:"version"`
	State    State               `json:"state"`
	Opened   time.Time           `json:"opened"`
	Updated  time.Time           `json:"updated"`
	Ended    time.Time           `json:"ended,omitzero"`
	Answers  map[string]any      `json:"answers,omitempty"`
	Typed    map[string][]string `json:"typed,omitempty"`
	Facts    map[string]any      `json:"facts,omitempty"`
	Services []exportedMember    `json:"services,omitempty"`
}

type exportedMember struct {
	ID string `json:"id"`
	Member
}

// Export writes everything the house keeps of the actor's bundles as JSON (PIPL 45): a list, newest change first. It reads some at a time,
// so that it needs little memory however many there are.
func (d *Desk) Export(ctx context.Context, a actor.Actor, w io.Writer) (err error) {
	defer fault.Wrap(&err, "export bundles of %s", a)
	if a.Kind != actor.Resident || a.ID == 0 {
		return fault.Denied("session", "请先登录")
	}
	const several = 50
	enc := json.NewEncoder(w)
	return cursor.Array(w, several, func(after cursor.Cursor) ([]Bundle, error) {
		return d.c.Store.Of(ctx, a.ID, after, several)
	}, func(b Bundle) error { return enc.Encode(b.exported()) })
}

func (b Bundle) exported() exported {
	x := exported{
		No: b.No, City: b.City, Bundle: b.Bundle, Version: b.Version, State: b.State, Opened: b.Opened, Updated: b.Updated, Ended: b.Ended,
		Answers: b.Data.Answers, Typed: b.Data.Typed, Facts: b.Data.Facts,
	}
	for _, id := range slices.Sorted(maps.Keys(b.Members)) {
		x.Services = append(x.Services, exportedMember{id, b.Members[id]})
	}
	return x
}
