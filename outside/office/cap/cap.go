// Package cap is the driver of warnings in the Common Alerting Protocol (CAP 1.2, ITU-T X.1303).
//
// The feed is one alert, or an Atom feed whose entries hold alerts or lead to them on the same host. Only what is meant for residents counts: status
// Actual, scope Public, neither cancelled nor replaced by a later message, in effect now. Exercises and tests never come through. XML is
// read without document types and entities.
package cap

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/ground/seal"
	"zhijian/outside/office"
	"zhijian/outside/office/feed"
)

// CallActive is the one call: the warnings in effect. `region`, a GB/T 2260 code, leaves those of its area; without it all are given.
const CallActive = "alerts.active"

// Config describes one publisher of warnings.
type Config struct {
	Name    string
	URL     string
	Timeout time.Duration
	Fresh   time.Duration // 0 means a minute
	Headers map[string]seal.Text
	Clock   clock.Clock // required
}

// Driver speaks to one publisher. Safe for concurrent use.
type Driver struct {
	feed  *feed.Feed[[]alert]
	clock clock.Clock
}

// New checks the configuration.
func New(c Config) (*Driver, error) {
	if c.Fresh <= 0 {
		c.Fresh = time.Minute
	}
	f, err := feed.New(feed.Config[[]alert]{
		Name: "office " + c.Name, URL: c.URL, Timeout: c.Timeout, Fresh: c.Fresh, MaxBody: maxBody, Headers: c.Headers, Clock: c.Clock, Read: read,
	})
	if err != nil {
		return nil, err
	}
	return &Driver{f, c.Clock}, nil
}

// Ask implements office.Driver.
func (d *Driver) Ask(ctx context.Context, q office.Question) (map[string]any, error) {
	if q.Call != CallActive {
		return nil, fmt.Errorf("a CAP feed knows no call %q", q.Call)
	}
	list, err := d.feed.Get(ctx)
	if err != nil {
		return nil, err
	}
	region, _ := q.With["region"].(string)
	items := []any{}
	for _, x := range active(list, d.clock.Now()) {
		if x.covers(region) {
			items = append(items, x.told())
		}
	}
	return map[string]any{"known": len(items) > 0, "items": items}, nil
}

// Close implements office.Driver.
func (d *Driver) Close() { d.feed.Close() }

// active gives what is in effect, the gravest first.
func active(list []alert, now time.Time) (out []alert) {
	gone := map[string]bool{}
	for _, a := range list {
		if a.MsgType == "Update" || a.MsgType == "Cancel" {
			for _, ref := range strings.Fields(a.References) { // sender,identifier,sent
				if parts := strings.Split(ref, ","); len(parts) == 3 {
					gone[parts[0]+","+parts[1]] = true
				}
			}
		}
	}
	seen := map[string]bool{}
	for _, a := range list {
		id := a.Sender + "," + a.Identifier
		if gone[id] || seen[id] || a.Status != "Actual" || a.Scope != "Public" || a.MsgType != "Alert" && a.MsgType != "Update" {
			continue
		}
		seen[id] = true
		if a.info.from.After(now) || !a.info.until.After(now) {
			continue
		}
		out = append(out, a)
	}
	slices.SortStableFunc(out, func(a, b alert) int {
		return cmp.Or(slices.Index(grades, b.info.Severity)-slices.Index(grades, a.info.Severity), b.info.from.Compare(a.info.from))
	})
	return out
}

// grades are the severities from the least; an unknown one stands before them.
var grades = []string{"Unknown", "Minor", "Moderate", "Severe", "Extreme"}

// The words that residents read: the four colours of 突发事件预警 for CAP's severities, and how near and how sure it is.
var (
	levels      = map[string]string{"Minor": "蓝色", "Moderate": "黄色", "Severe": "橙色", "Extreme": "红色"}
	tones       = map[string]string{"Minor": "blue", "Moderate": "yellow", "Severe": "orange", "Extreme": "red"}
	urgencies   = map[string]string{"Immediate": "立即行动", "Expected": "一小时内行动", "Future": "近期留意", "Past": "已经过去"}
	certainties = map[string]string{"Observed": "已经发生", "Likely": "很可能发生", "Possible": "可能发生", "Unlikely": "不太可能发生"}
)

// told is what a definition gets of a warning; members without a value are left out.
func (a alert) told() map[string]any {
	i := a.info
	out := map[string]any{"id": a.Identifier, "sender": a.Sender, "event": i.Event, "from": moment(i.from), "until": moment(i.until), "sent": moment(a.sent)}
	for name, v := range map[string]string{
		"title": i.Headline, "text": i.Description, "instruction": i.Instruction, "office": i.SenderName, "area": strings.Join(a.areas(), "、"),
		"level": levels[i.Severity], "tone": tones[i.Severity], "urgency": urgencies[i.Urgency], "certainty": certainties[i.Certainty],
	} {
		if v = strings.TrimSpace(v); v != "" {
			out[name] = v
		}
	}
	return out
}

func moment(t time.Time) string { return t.In(clock.Shanghai).Format(time.RFC3339) }

func (a alert) areas() (list []string) {
	for _, x := range a.info.Areas {
		if s := strings.TrimSpace(x.Desc); s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// covers reports whether a warning concerns a region: one of its codes is the region, lies in it or holds it. A warning without
// codes concerns everybody.
func (a alert) covers(region string) bool {
	codes := a.codes()
	if region == "" || len(codes) == 0 {
		return true
	}
	r := significant(region)
	return slices.ContainsFunc(codes, func(code string) bool {
		c := significant(code)
		return strings.HasPrefix(c, r) || strings.HasPrefix(r, c)
	})
}

// significant takes the zeros of the lower levels off a code of GB/T 2260: 330100 is 3301.
func significant(code string) string {
	code = code[:min(6, len(code))]
	for len(code) >= 2 && strings.HasSuffix(code, "00") {
		code = code[:len(code)-2]
	}
	return code
}
