package sandbox

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"zhijian/ground/clock"
	"zhijian/sandbox/journal"
	"zhijian/sandbox/pages"
)

// inbox is the SMS gateway: it takes messages and shows them instead of sending them.
type inbox struct {
	clock clock.Clock
	code  *regexp.Regexp
	file  *journal.File

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
	n     int    // in the order of all messages
}

// sent is one line of the gateway's journal.
type sent struct {
	N     int          `json:"n"`
	Phone string       `json:"phone"`
	What  shortMessage `json:"what"`
}

const (
	boxSize    = 50     // messages kept per phone
	boxesAtAll = 50_000 // phones kept
)

// newInbox opens the gateway with what a journal kept; path "" keeps nothing.
func newInbox(c clock.Clock, path string) (*inbox, error) {
	b := &inbox{clock: c, code: regexp.MustCompile(`(?:^|[^0-9])([0-9]{4,8})(?:[^0-9]|$)`), boxes: map[string][]shortMessage{}}
	if path == "" {
		return b, nil
	}
	file, err := journal.Open(path, func(line []byte) error {
		var s sent
		if err := json.Unmarshal(line, &s); err != nil {
			return err
		}
		s.What.Phone, s.What.n = s.Phone, s.N
		b.n = s.N
		b.put(s.What)
		return nil
	})
	if err != nil {
		return nil, err
	}
	b.file = file
	kept := 0
	for _, box := range b.boxes {
		kept += len(box)
	}
	if file.Lines() < rewriteFrom || file.Lines() < 2*kept {
		return b, nil
	}
	return b, file.Rewrite(b.fill)
}

// fill writes every message that is still shown, oldest first.
func (b *inbox) fill(put func(any) error) error {
	var all []shortMessage
	for _, box := range b.boxes {
		all = append(all, box...)
	}
	slices.SortFunc(all, func(a, b shortMessage) int { return a.n - b.n })
	for _, m := range all {
		if err := put(sent{N: m.n, Phone: m.Phone, What: m}); err != nil {
			return err
		}
	}
	return nil
}

const rewriteFrom = 2000 // lines; a shorter journal is read in a few milliseconds

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
	n, err := b.keep(m)
	if err != nil {
		writeJSON(w, http.StatusInternalServerError, data{"error": "演示系统自身出错"})
		return
	}
	writeJSON(w, http.StatusOK, data{"id": "SM" + strconv.Itoa(n)})
}

func (b *inbox) keep(m shortMessage) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if err := b.file.Append(sent{N: b.n + 1, Phone: m.Phone, What: m}); err != nil {
		return 0, err
	}
	b.n++
	m.n = b.n
	b.put(m)
	return b.n, nil
}

// put shows a message; b.mu is held.
func (b *inbox) put(m shortMessage) {
	if _, ok := b.boxes[m.Phone]; !ok && len(b.boxes) >= boxesAtAll {
		clear(b.boxes)
	}
	box := append(b.boxes[m.Phone], m)
	b.boxes[m.Phone] = box[max(0, len(box)-boxSize):]
	b.recent = append([]shortMessage{m}, b.recent[:min(len(b.recent), 29)]...)
}

func (b *inbox) read(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	list := append([]shortMessage{}, b.boxes[plainPhone(r.URL.Query().Get("phone"))]...)
	b.mu.Unlock()
	writeJSON(w, http.StatusOK, data{"messages": list})
}
