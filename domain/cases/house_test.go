package cases_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"zhijian/catalog"
	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/identity"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/event"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/outside/office"
	"zhijian/outside/proof"
	"zhijian/outside/sms"
	"zhijian/outside/wechatpay"
	"zhijian/sandbox"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
	"zhijian/testkit/pump"
)

const hangzhou = "330100"

// house is the cases room with everything around it real: engine, definitions, database, clients, and the sandbox world.
type house struct {
	t       testing.TB
	db      *sqldb.DB
	clock   *clock.Fixed
	world   *sandbox.World
	office  *wire
	pay     *wechatpay.Client
	store   store.Cases
	crash   *crasher
	payment *payment.Desk
	booking *booking.Desk
	desk    *cases.Desk
	known   *identity.Desk
	pump    *pump.Pump
	notices chan payment.Notice
	people  []identity.Resident
}

// wire is the real office client, with a knob for losing what comes back.
type wire struct {
	*office.Client
	mu    sync.Mutex
	calls []string
	lose  func(call string) error // what to say instead of the answer, after the office did its part
	block func(call string) error // what to say without asking the office at all
}

func (w *wire) Call(ctx context.Context, system, call, key string, with map[string]any) (map[string]any, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.block != nil {
		if blocked := w.block(call); blocked != nil {
			return nil, blocked
		}
	}
	data, err := w.Client.Call(ctx, system, call, key, with)
	w.calls = append(w.calls, call)
	if w.lose != nil {
		if lost := w.lose(call); lost != nil {
			return nil, lost
		}
	}
	return data, err
}

func (w *wire) count(call string) (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.calls {
		if c == call {
			n++
		}
	}
	return n
}

type organs struct{}

func (organs) Owner(_ context.Context, alias string) (int64, int64, error) {
	return map[string]int64{"hzjj": 11, "hzdl": 12, "hzzw": 13, "hzqx": 14}[alias], map[string]int64{"hzjj": 1, "hzdl": 2, "hzzw": 3, "hzqx": 4}[alias], nil
}

var channelActor = actor.Actor{Kind: actor.Channel}

var definitions = sync.OnceValues(func() (*service.Catalogue, []service.Problem) { return service.LoadCatalogue(catalog.FS) })

func newHouse(t testing.TB, db *sqldb.DB) *house {
	t.Helper()
	h := &house{t: t, db: db, clock: testkit.Clock(), crash: &crasher{}, notices: make(chan payment.Notice, 64)}
	notify := httptest.NewServer(http.HandlerFunc(h.notified))
	t.Cleanup(notify.Close)
	world, err := sandbox.Start(t.Context(), sandbox.Config{Seed: 1, People: 40, Clock: h.clock, RetryScale: 0.001})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = world.Close(context.Background()) })
	h.world = world
	urls := world.URLs()
	offices := map[string]office.Office{}
	for name, url := range urls {
		offices[name] = office.Office{URL: url, Timeout: 30 * time.Second}
	}
	client, err := office.New(office.Config{Offices: offices, Clock: h.clock})
	if err != nil {
		t.Fatal(err)
	}
	h.office = &wire{Client: client}
	m := world.Merchant()
	h.pay, err = wechatpay.New(wechatpay.Config{
		BaseURL: urls["pay"], MchID: m.MchID, AppID: m.AppID, Serial: m.Serial, PrivateKey: seal.Plain(m.PrivateKey), APIv3Key: seal.Plain(m.APIv3Key),
		Pinned: []string{m.PlatformCertificate}, NotifyURL: notify.URL + "/notice", SiteName: "指尖", SiteURL: notify.URL, Clock: h.clock,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.desks(urls["sms"])
	return h
}

func (h *house) desks(smsURL string) {
	t := h.t
	t.Helper()
	ring, ids := testkit.Ring(t), &uid.Maker{Clock: h.clock}
	gateway, err := sms.New(sms.Config{URL: smsURL})
	if err != nil {
		t.Fatal(err)
	}
	residents := store.Residents{DB: h.db, Ring: ring}
	purse := store.Budgets{DB: h.db, Ring: ring, Clock: h.clock}
	who, err := identity.New(identity.Config{
		Residents: residents, Sessions: store.Sessions{DB: h.db, Ring: ring, Memo: store.NewSessionMemo(h.db)}, Codes: store.Codes{DB: h.db}, SMS: gateway,
		Register: proof.Register{Office: h.office.Client}, Bank: proof.Bank{Office: h.office.Client}, Vehicles: proof.Vehicles{Office: h.office.Client},
		Mandates: store.Mandates{DB: h.db, Ring: ring}, Households: proof.Register{Office: h.office.Client},
		Purse: purse, Ring: ring, Clock: h.clock, IDs: ids,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.known = who
	if h.payment, err = payment.New(payment.Config{Store: crashPayments{store.Payments{DB: h.db}, h.crash}, Books: store.Payments{DB: h.db}, Channel: h.pay, Clock: h.clock, IDs: ids, Origin: "http://127.0.0.1:8080"}); err != nil {
		t.Fatal(err)
	}
	if h.booking, err = booking.New(booking.Config{Store: crashBookings{store.Bookings{DB: h.db}, h.crash}, Clock: h.clock, IDs: ids}); err != nil {
		t.Fatal(err)
	}
	list, problems := definitions()
	if len(problems) > 0 {
		t.Fatalf("catalogue: %v", problems[0])
	}
	h.store = store.Cases{DB: h.db, Ring: ring, Memo: store.NewCaseMemo(h.db)}
	h.desk, err = cases.New(cases.Config{
		Store: crashCases{h.store, h.crash}, Files: store.Files{DB: h.db, Ring: ring}, Catalogue: list, Office: h.office, Organs: organs{}, Identity: who, Payment: h.payment, Booking: h.booking,
		Purse: purse, Clock: h.clock, IDs: ids,
	})
	if err != nil {
		t.Fatal(err)
	}
	var handlers []pump.Handler
	for _, x := range h.desk.Handlers() {
		handlers = append(handlers, pump.Handler(x))
	}
	for _, x := range h.payment.Handlers() {
		handlers = append(handlers, pump.Handler(x))
	}
	for _, x := range h.booking.Handlers() {
		handlers = append(handlers, pump.Handler(x))
	}
	h.pump = pump.New(t, h.db, h.clock, handlers...)
	h.settle(residents, ids)
}

// settle makes the sandbox's people residents of level 4.
func (h *house) settle(residents store.Residents, ids *uid.Maker) {
	h.t.Helper()
	for _, p := range h.world.Residents()[:10] {
		r, err := residents.Join(h.t.Context(), identity.Resident{ID: ids.ID(), Level: 1, Phone: seal.Plain("+86" + p.Phone), Created: h.clock.Now(), ProvenAt: h.clock.Now(), Rev: 1})
		if err != nil {
			h.t.Fatal(err)
		}
		f, err := residents.Change(h.t.Context(), r.ID, 0, func(f *identity.File) ([]event.Body, error) {
			f.Level, f.Name, f.CitizenNumber = 4, seal.Plain(p.Name), seal.Plain(p.CitizenNumber)
			f.Card, f.CardPhone, f.Bank = seal.Plain(p.BankCard), seal.Plain("+86"+p.Phone), p.BankName
			f.Plates = nil
			for _, v := range p.Vehicles {
				f.Plates = append(f.Plates, seal.Plain(v.Plate))
			}
			return []event.Body{identity.Joined{Resident: f.ID}}, nil
		})
		if err != nil {
			h.t.Fatal(err)
		}
		h.people = append(h.people, f.Resident)
	}
}

// notified is the site's door for payment notices.
func (h *house) notified(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	n, err := h.pay.Open(r.Context(), r.Header, body)
	if err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	select {
	case h.notices <- n:
		w.WriteHeader(http.StatusNoContent)
	case <-r.Context().Done():
	}
}

func (h *house) who(i int) cases.Who {
	return cases.Who{Actor: actor.Actor{Kind: actor.Resident, ID: h.people[i].ID, Level: h.people[i].Level}, ClientIP: "127.0.0.9"}
}

func (h *house) open(w cases.Who, id string) cases.Case {
	h.t.Helper()
	c, err := h.desk.Open(h.t.Context(), w.Actor, cases.Opening{City: hangzhou, Service: id, Visitor: w.Visitor, ClientIP: w.ClientIP})
	if err != nil {
		h.t.Fatal(err)
	}
	h.pump.Drain()
	return c
}

func (h *house) show(w cases.Who, no string) cases.Shown {
	h.t.Helper()
	s, err := h.desk.Show(h.t.Context(), w, no, "")
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// answer sends a step's answers and lets the house do what follows at once.
func (h *house) answer(w cases.Who, no, step string, pairs ...string) cases.Shown {
	h.t.Helper()
	values := map[string][]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = append(values[pairs[i]], pairs[i+1])
	}
	if _, err := h.desk.Answer(h.t.Context(), w, no, step, values); err != nil {
		h.t.Fatalf("answer %s: %v", step, err)
	}
	h.pump.Drain()
	return h.show(w, no)
}

// fine goes from opening to the page to pay on. i is the person, plate "" their own second vehicle.
func (h *house) fine(i int, plate string) (cases.Who, cases.Shown) {
	h.t.Helper()
	w := h.who(i)
	c := h.open(w, "traffic-fine-payment")
	s := h.show(w, c.No)
	if s.View.Kind != service.ViewForm {
		h.t.Fatalf("first page is %s", s.View.Kind)
	}
	s = h.answer(w, c.No, s.View.Step, "plate", plate)
	if s.View.Kind != service.ViewChoose {
		h.t.Fatalf("after the look-up: %s %s", s.View.Kind, s.View.Title)
	}
	s = h.answer(w, c.No, s.View.Step, s.View.Name, s.View.Items[0].Value)
	if s.View.Kind != service.ViewCheck {
		h.t.Fatalf("after choosing: %s", s.View.Kind)
	}
	s = h.answer(w, c.No, s.View.Step)
	if s.View.Kind != service.ViewPay || s.View.PayURL == "" || s.Case.State != cases.Paying {
		h.t.Fatalf("after checking: %s %q %s", s.View.Kind, s.View.PayURL, s.Case.State)
	}
	return w, s
}

// pays does what the resident does at the channel.
func (h *house) pays(order string) {
	h.t.Helper()
	body, _ := json.Marshal(map[string]string{"out_trade_no": order})
	res, err := http.Post(h.world.URLs()["pay"]+"/sandbox/pay", "application/json", bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(res.Body)
		h.t.Fatalf("pay: %d %s", res.StatusCode, text)
	}
}

// noticed waits for the channel's notice and settles it.
func (h *house) noticed() payment.Order {
	h.t.Helper()
	n := <-h.notices
	o, err := h.payment.Settle(h.t.Context(), channelActor, n)
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}

// sums asks the channel what it holds.
func (h *house) sums() (kept int64) {
	h.t.Helper()
	res, err := http.Get(h.world.URLs()["pay"] + "/sandbox/sums")
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var s struct {
		Paid     int64 `json:"paid_fen"`
		Refunded int64 `json:"refunded_fen"`
	}
	if err := json.NewDecoder(res.Body).Decode(&s); err != nil {
		h.t.Fatal(err)
	}
	return s.Paid - s.Refunded
}

// plate is the first vehicle of a person.
func (h *house) plate(i int) string { return h.world.Residents()[i].Vehicles[0].Plate }

func codes(c cases.Case) (list []string) {
	for _, e := range c.Log {
		list = append(list, e.Code)
	}
	return list
}

func count(names []string, name string) (n int) {
	for _, x := range names {
		if x == name {
			n++
		}
	}
	return n
}

// channelMode switches how the payment channel behaves today.
func (h *house) channelMode(mode string) {
	h.t.Helper()
	body, _ := json.Marshal(map[string]string{"office": "pay", "mode": mode})
	res, err := http.Post(h.world.URLs()["console"]+"/switch", "application/json", bytes.NewReader(body))
	if err != nil {
		h.t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		h.t.Fatalf("switch: %d", res.StatusCode)
	}
}
