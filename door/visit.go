package door

import (
	"net/http"
	"strings"
	"time"
)

// VisitKind is what a visit was; its text is the one that visits are written with.
type VisitKind string

// The kinds that pages have.
const (
	VisitView    VisitKind = "view"    // a page was opened
	VisitClick   VisitKind = "click"   // a service was begun
	VisitService VisitKind = "service" // a case was opened
)

// Channel is how somebody came.
type Channel uint8

// The channels of the house's own doors.
const (
	ByPage Channel = 1
	ByAPI  Channel = 2
	ByChat Channel = 3 // the talk with an account, on our pages
)

// Visit is what the observatory is told of one look at a page.
type Visit struct {
	Kind    VisitKind
	Channel Channel // 0 is the door's own: ByPage, or ByAPI where the door has no pages
	Region  string  // GB/T 2260 code of where the page belongs
	Service string  // id of the service, empty for none
	Account string  // alias of the official account that answers for it, empty for none
	// Resident is who came, 0 for a visitor, and At when; the door fills both in.
	Resident int64
	At       time.Time
}

// Visits is told of visits. Count never blocks and never fails: what cannot be taken is dropped and counted there, for no page may
// wait for statistics.
type Visits interface {
	Count(v Visit)
}

// fromPage reports a visit of somebody who looks at a page.
func (v Visit) fromPage() bool { return v.Channel == ByPage || v.Channel == ByChat }

// Visited notes that this request, once answered well, was a visit. A kept page is a visit of everybody who is shown it.
func (r *Request) Visited(v Visit) {
	switch {
	case v.Channel != 0:
	case r.station != nil && !r.station.set.Pages:
		v.Channel = ByAPI
	default:
		v.Channel = ByPage
	}
	r.visits = append(r.visits, v)
}

// count tells of visits of a person, unless nobody looked: a robot, or a browser that loads a page before it is wanted.
func (d *Door) count(list []Visit, r *http.Request, resident int64) {
	if len(list) == 0 || d.c.Visits == nil || r.Method == http.MethodHead || list[0].fromPage() && unseen(r.Header) {
		return
	}
	now := d.c.Clock.Now()
	for _, v := range list {
		v.Resident, v.At = resident, now
		d.c.Visits.Count(v)
	}
}

// unseen reports a request that no person looks at the answer of.
func unseen(h http.Header) bool {
	for _, name := range []string{"Sec-Purpose", "Purpose"} {
		if strings.HasPrefix(h.Get(name), "prefetch") {
			return true
		}
	}
	return robot(h.Get("User-Agent"))
}

// robots are what programs that fetch pages call themselves; a browser always says something.
var robots = []string{"spider", "crawler", "slurp", "curl/", "wget/", "python-", "go-http-client", "java/", "headlesschrome"}

const agentBytes = 512 // of a User-Agent are looked at

func robot(agent string) bool {
	if agent == "" {
		return true
	}
	agent = strings.ToLower(agent[:min(len(agent), agentBytes)])
	for _, name := range robots {
		if strings.Contains(agent, name) {
			return true
		}
	}
	for rest := agent; ; {
		before, after, ok := strings.Cut(rest, "bot")
		if !ok {
			return false
		}
		if !strings.HasSuffix(before, "cu") { // Cubot makes telephones
			return true
		}
		rest = after
	}
}
