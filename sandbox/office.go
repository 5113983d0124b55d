package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/sandbox/pages"
)

// data is the inside of an answer: {"data": …}.
type data = map[string]any

// office is one department's system: named calls that take and give JSON objects.
type office struct {
	clock clock.Clock
	name  string // as in the URL map
	title string // the department in Chinese
	about string
	calls map[string]call
	magic []magic
	shows []string // which columns of a person its page lists
	diary *diary   // nil: nothing changes it
	// number gives the office's own number of the i-th person, for its page; nil when it has none.
	number func(i int) string
	// accounts gives a person's accounts here by citizen number, for its page, under the heading account; nil when it keeps none.
	account  string
	accounts func(citizen string) []string
	// visit gives what a phone number has booked here for a day, for the counters of another office; nil when there are no times to book.
	visit func(phone string, day time.Time) (names, notes []string)
}

// call answers one question. An act changes something and needs an Idempotency-Key.
type call struct {
	act   bool
	takes string // inputs, for the page
	gives string // answer, for the page
	do    func(in question) (data, error)
}

// magic is one documented input that makes something happen.
type magic struct{ Input, Effect string }

// refusal is an office's "no", with the sentence it gives to people.
type refusal struct{ Code, Reason string }

func (r refusal) Error() string { return "refused: " + r.Code }

// errSilent makes the office take the question and say nothing.
var errSilent = errors.New("silent")

// errLost makes the answer get lost after the act was done.
var errLost = errors.New("answer lost")

type gateKey struct{}

func withGate(ctx context.Context, g *gate) context.Context {
	return context.WithValue(ctx, gateKey{}, g)
}

// handler serves POST /calls/{call} and the office's page.
func (o *office) handler(people []Person) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /calls/{call}", func(w http.ResponseWriter, r *http.Request) {
		o.answer(w, r)
	})
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		pages.Show(w, http.StatusOK, "office.html", o.page(people))
	})
	mux.HandleFunc("GET /sandbox.css", pages.CSS)
	return mux
}

func (o *office) answer(w http.ResponseWriter, r *http.Request) {
	c, ok := o.calls[r.PathValue("call")]
	if !ok {
		writeJSON(w, http.StatusNotFound, data{"error": "没有这个接口"})
		return
	}
	in := question{call: r.PathValue("call"), key: r.Header.Get("Idempotency-Key"), at: o.clock.Now()}
	dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10))
	dec.UseNumber()
	if err := dec.Decode(&in.with); err != nil {
		writeJSON(w, http.StatusBadRequest, data{"error": "请求不是 JSON 对象"})
		return
	}
	if c.act && in.key == "" {
		writeJSON(w, http.StatusBadRequest, data{"error": "缺少 Idempotency-Key"})
		return
	}
	out, err := c.do(in)
	var no refusal
	switch {
	case err == nil:
		writeJSON(w, http.StatusOK, data{"data": out})
	case errors.As(err, &no):
		writeJSON(w, http.StatusUnprocessableEntity, data{"refused": data{"code": no.Code, "reason": no.Reason}})
	case errors.Is(err, errSilent):
		if g, ok := r.Context().Value(gateKey{}).(*gate); ok {
			g.hang(w, r)
			return
		}
		cut(w)
	case errors.Is(err, errLost):
		cut(w)
	default:
		writeJSON(w, http.StatusInternalServerError, data{"error": "演示系统自身出错"})
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		status, b = http.StatusInternalServerError, []byte(`{"error":"演示系统自身出错"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

// question is what a caller sent, and when. An office takes the time of an act from here, so that
// an act read from its diary happens when it happened.
type question struct {
	call string
	key  string
	at   time.Time
	with map[string]any
}

// text gives a string input without blanks around it; "" when absent or of another type.
func (q question) text(name string) string {
	s, _ := q.with[name].(string)
	return strings.TrimSpace(s)
}

// whole gives a whole number; ok is false when absent or of another type.
func (q question) whole(name string) (n int64, ok bool) {
	v, ok := q.with[name].(json.Number)
	if !ok {
		return 0, false
	}
	n, err := v.Int64()
	return n, err == nil
}

// list gives a list of strings, sorted; a single string counts as a list of one.
func (q question) list(name string) []string {
	var out []string
	switch v := q.with[name].(type) {
	case string:
		out = append(out, strings.TrimSpace(v))
	case []any:
		for _, e := range v {
			if s, ok := e.(string); ok {
				out = append(out, strings.TrimSpace(s))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// phone gives a phone number as 11 digits, with or without +86 in the question.
func (q question) phone(name string) string {
	return plainPhone(q.text(name))
}

func plainPhone(s string) string {
	s = strings.NewReplacer(" ", "", "-", "").Replace(s)
	s = strings.TrimPrefix(s, "+86")
	return s
}

// stamp writes a time as offices do: RFC 3339 with +08:00, whole seconds.
func stamp(t time.Time) string {
	return t.In(clock.Shanghai).Format("2006-01-02T15:04:05-07:00")
}

// ending gives the last n characters of s, or s when it is shorter.
func ending(s string, n int) string {
	r := []rune(s)
	return string(r[max(0, len(r)-n):])
}
