package sandbox

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"zhijian/ground/clock"
	"zhijian/sandbox/pages"
)

// inbox is the SMS gateway: it takes messages and shows them instead of sending them.
type inbox struct {
	clock clock.Clock
	code  *regexp.Regexp

	mu     sync.Mutex
	n      int
	boxes  map[string][]shortMessage
	recent []shortMessage
}

type shortMessage struct {
	At    string `json:"at"`
	Text  string `json:"text"`
	Code  string `json:"code"`
	Phone string `json:"-"`
}

const (
	boxSize    = 50     // messages kept per phone
	boxesAtAll = 50_000 // phones kept
)

func newInbox(c clock.Clock) *inbox {
	return &inbox{clock: c, code: regexp.MustCompile(`(?:^|[^0-9])([0-9]{4,8})(?:[^0-9]|$)`), boxes: map[string][]shortMessage{}}
}

func (b *inbox) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /send", b.send)
	mux.HandleFunc("GET /inbox", b.read)
	mux.HandleFunc("GET /sandbox.css", pages.CSS)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		b.mu.Lock()
		list := append([]shortMessage(nil), b.recent...)
		b.mu.Unlock()
		pages.Show(w, http.StatusOK, "sms.html", list)
	})
	return mux
}

func (b *inbox) send(w http.ResponseWriter, r *http.Request) {
	var in struct{ Phone, Text string }
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, 16<<10)).Decode(&in); err != nil || in.Text == "" {
		writeJSON(w, http.StatusBadRequest, data{"error": "需要 phone 和 text"})
		return
	}
	phone := plainPhone(in.Phone)
	switch {
	case len(phone) != 11 || strings.Trim(phone, "0123456789") != "":
		writeJSON(w, http.StatusUnprocessableEntity, data{"refused": data{"code": "phone", "reason": "手机号应为 11 位数字"}})
		return
	case strings.HasSuffix(phone, "0000"):
		writeJSON(w, http.StatusServiceUnavailable, data{"error": "演示：短信通道故障"})
		return
	}
	m := shortMessage{At: b.clock.Now().In(clock.Shanghai).Format(time.RFC3339), Text: in.Text, Phone: phone}
	if found := b.code.FindStringSubmatch(in.Text); found != nil {
		m.Code = found[1]
	}
	writeJSON(w, http.StatusOK, data{"id": "SM" + strconv.Itoa(b.keep(m))})
}

func (b *inbox) keep(m shortMessage) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.n++
	if _, ok := b.boxes[m.Phone]; !ok && len(b.boxes) >= boxesAtAll {
		clear(b.boxes)
	}
	box := append(b.boxes[m.Phone], m)
	b.boxes[m.Phone] = box[max(0, len(box)-boxSize):]
	b.recent = append([]shortMessage{m}, b.recent[:min(len(b.recent), 29)]...)
	return b.n
}

func (b *inbox) read(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	list := append([]shortMessage{}, b.boxes[plainPhone(r.URL.Query().Get("phone"))]...)
	b.mu.Unlock()
	writeJSON(w, http.StatusOK, data{"messages": list})
}
