package sandbox

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// billerProfile describes an office that keeps accounts: bills to pay, a balance to top up, or both.
type billerProfile struct {
	Title, About string
	// Number is how its accounts are numbered. Person i of the world has prefix, i+1 with leading zeros and two digits from 50 to 95.
	Number struct {
		Name, Prefix string
		Digits       int
		Phone        bool // the account is the phone number
	}
	// Owned accounts are told to their holder only (input owner, a citizen number) and are listed by accounts.of.
	Owned  bool
	Places []string // where an account is kept or lies, given by turns: 湖滨医院（演示）
	Bill   *billProfile
	// Offers are the amounts in fen by which an account can be topped up, and Balance the most that it begins with.
	Offers  []int64
	Balance int64
	Records *recordProfile
	Receipt string   // two letters that begin a receipt's number
	After   []string // what the office says when it has booked a payment, by turns
}

// billProfile describes bills. Used and Rate (fen per unit) make the amount of metered ones; Amounts (fen) those of others.
type billProfile struct {
	Titles  []string
	Count   int    // at most this many are open
	Unit    string // 吨, 立方米, 平方米
	Used    [2]int // least and most
	Rate    int64
	Amounts []int64
	Monthly bool // a bill a month; otherwise of these days
	Days    int  // until it is due
}

// recordProfile describes what lately went off the balance: passages, days in hospital.
type recordProfile struct {
	Titles  []string
	Amounts [2]int64 // fen, least and most
	Count   int
}

// biller is an office of accounts, bills and top-ups.
type biller struct {
	p       billerProfile
	seed    int64
	start   time.Time           // the day the world began, in Shanghai
	holders map[string]Person   // by account
	mine    map[string][]string // accounts by citizen number

	books
	accounts map[string]*keptAccount
	receipts int
}

type keptAccount struct {
	number  string
	bills   []*due
	balance int64 // fen
	records []data
}

type due struct {
	id, title, month string
	used             int
	amount           int64 // fen
	until            string
	settled          bool
}

func newBiller(p billerProfile, people []Person, cfg Config, began time.Time) *office {
	b := &biller{
		p: p, seed: cfg.Seed, start: began,
		holders: map[string]Person{}, mine: map[string][]string{}, accounts: map[string]*keptAccount{}, books: newBooks(&diary{}),
	}
	for i, person := range people {
		b.register(i, person)
	}
	o := &office{
		title: p.Title, about: p.About, diary: b.ledger.diary, magic: b.magic(),
		shows: []string{"name", "phone"}, account: p.Number.Name, accounts: func(citizen string) []string { return b.mine[citizen] },
		calls: map[string]call{
			"account.find": {takes: "account, owner?", gives: "known, account, holder, place, items[{id, title, month, used, unit, amount, due}], balance, offers[{id, amount}], records[{day, title, amount}], as_of", do: b.find},
			"offers.list":  {gives: "offers[{id, amount}]", do: func(question) (data, error) { return data{"offers": b.offers()}, nil }},
			"settle":       {act: true, takes: "account, items[] (bills or one offer), paid, amount, owner?", gives: "receipt, settled_at, balance, after", do: b.settle},
			"settled":      {takes: "key", gives: "settled, voided, receipt?, settled_at?, balance?, after?", do: b.settled},
			"void":         {act: true, takes: "key?", gives: "voided, was_settled", do: b.void},
			"issue":        {act: true, takes: "account, count", gives: "items", do: b.issue},
		},
	}
	if p.Owned {
		o.shows = []string{"name", "citizen"}
		o.calls["accounts.of"] = call{takes: "citizen_number", gives: "items[{account, place}], as_of", do: b.accountsOf}
	}
	if p.Number.Phone {
		delete(o.calls, "account.find") // whose number it is and what is left on it is nobody else's business
	}
	return o
}

func (b *biller) magic() []magic {
	out := []magic{
		{b.p.Number.Name + "末两位 13", "查询一直没有回应"},
		{b.p.Number.Name + "末两位 44", "付款后拒绝入账，应当退款"},
		{b.p.Number.Name + "末两位 45", "入账前两次没有回应，第三次成功"},
		{b.p.Number.Name + "末两位 46", "入账成功，但第一次的回答丢失"},
	}
	if b.p.Bill != nil {
		out = append(out, magic{b.p.Number.Name + "末两位 00", "没有要付的"},
			magic{b.p.Number.Name + "末两位 01 到 09", "账单金额以同样两位结尾，用来试支付通道的特殊金额"})
	}
	if b.p.Owned {
		out = append(out, magic{"第 2 到第 6 位居民的第二个" + b.p.Number.Name, "末两位依次是 44、45、46、13、00"})
	}
	return out
}

// register opens the accounts of person i. Where accounts are told to their holders only, the five who have
// magic plates have a second, magic account too: nobody else could ask for it.
func (b *biller) register(i int, p Person) {
	numbers := []string{b.numberOf(i, p)}
	if second := []string{1: "44", 2: "45", 3: "46", 4: "13", 5: "00"}; b.p.Owned && i >= 1 && i < len(second) {
		numbers = append(numbers, numbers[0][:len(numbers[0])-2]+second[i])
	}
	for _, n := range numbers {
		b.holders[n] = p
	}
	b.mine[p.CitizenNumber] = numbers
}

func (b *biller) numberOf(i int, p Person) string {
	if b.p.Number.Phone {
		return p.Phone
	}
	prefix := b.p.Number.Prefix
	tail := 50 + hashed(prefix+p.CitizenNumber)%46
	return prefix + fmt.Sprintf("%0*d", b.p.Number.Digits-len(prefix)-2, i+1) + strconv.FormatUint(tail, 10)
}

// known says whether this is an account that owner may ask about; the owner matters only where accounts are told to
// their holders. An unregistered number with a magic ending belongs to whoever asks.
func (b *biller) known(account, owner string) bool {
	if len(account) != b.p.Number.Digits || strings.Trim(account, "0123456789") != "" {
		return false
	}
	p, registered := b.holders[account]
	if !registered {
		return slices.Contains(magicAccounts(), ending(account, 2))
	}
	return !b.p.Owned || p.CitizenNumber == owner
}

// open gives an account, with its first bills when it is asked for the first time.
func (b *biller) open(number string) *keptAccount {
	if a := b.accounts[number]; a != nil {
		return a
	}
	r := rand.New(rand.NewPCG(uint64(b.seed), hashed(b.p.Title+number)))
	a := &keptAccount{number: number}
	b.accounts[number] = a
	end := ending(number, 2)
	if b.p.Balance > 0 && end != "00" {
		a.balance = clean(r.Int64N(b.p.Balance))
	}
	if b.p.Bill != nil && end != "00" {
		n := 1
		if !slices.Contains(magicAccounts(), end) {
			n += r.IntN(b.p.Bill.Count)
		}
		for range n {
			b.add(a, r)
		}
	}
	if b.p.Records != nil {
		a.records = b.p.Records.make(b.start, r)
	}
	return a
}

func (p recordProfile) make(start time.Time, r *rand.Rand) []data {
	out := make([]data, 0, p.Count)
	for k := range p.Count {
		out = append(out, data{
			"day": start.AddDate(0, 0, -1-k).Format(time.DateOnly), "title": p.Titles[r.IntN(len(p.Titles))],
			"amount": clean(p.Amounts[0] + r.Int64N(p.Amounts[1]-p.Amounts[0])),
		})
	}
	return out
}

func (b *biller) add(a *keptAccount, r *rand.Rand) *due {
	p, k := b.p.Bill, len(a.bills)
	day := b.start.AddDate(0, 0, -2*k-1)
	d := &due{title: p.Titles[k%len(p.Titles)]}
	if p.Monthly {
		day = time.Date(b.start.Year(), b.start.Month(), 1, 0, 0, 0, 0, clock.Shanghai).AddDate(0, -1-k, 0)
		d.month = day.Format("2006-01")
		day = day.AddDate(0, 1, 0)
	}
	d.id = fmt.Sprintf("%s-%d", a.number, k+1)
	d.until = day.AddDate(0, 0, p.Days).Format(time.DateOnly)
	if p.Rate > 0 {
		d.used = p.Used[0] + r.IntN(p.Used[1]-p.Used[0]+1)
		d.amount = int64(d.used) * p.Rate
	} else {
		d.amount = p.Amounts[r.IntN(len(p.Amounts))]
	}
	d.amount = clean(d.amount)
	if end := ending(a.number, 2); slices.Contains(magicAccounts()[5:], end) {
		d.amount = d.amount/100*100 + int64(end[1]-'0')
	}
	a.bills = append(a.bills, d)
	return d
}

// clean raises an amount that the payment channel would take as magic.
func clean(fen int64) int64 {
	if last := fen % 100; last >= 1 && last <= 9 {
		fen += 10
	}
	return fen
}

func (b *biller) shown(d *due) data {
	return data{"id": d.id, "title": d.title, "month": d.month, "used": d.used, "unit": b.p.Bill.Unit, "amount": d.amount, "due": d.until}
}

// place says where an account is kept or lies.
func (b *biller) place(account string) string {
	if len(b.p.Places) == 0 {
		return ""
	}
	return b.p.Places[hashed(account)%uint64(len(b.p.Places))]
}

func (b *biller) offers() []data {
	out := make([]data, 0, len(b.p.Offers))
	for _, fen := range b.p.Offers {
		out = append(out, data{"id": "t" + strconv.FormatInt(fen, 10), "amount": fen})
	}
	return out
}

func (b *biller) accountsOf(in question) (data, error) {
	items := []data{}
	for _, n := range b.mine[in.text("citizen_number")] {
		items = append(items, data{"account": n, "place": b.place(n)})
	}
	return data{"items": items, "as_of": stamp(in.at)}, nil
}

func (b *biller) find(in question) (data, error) {
	account := in.phone("account")
	if ending(account, 2) == "13" {
		return nil, errSilent
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	out := data{
		"known": false, "account": account, "holder": "", "place": "", "items": []data{}, "balance": 0,
		"offers": []data{}, "records": []data{}, "as_of": stamp(in.at),
	}
	if !b.known(account, in.text("owner")) {
		return out, nil
	}
	a, name := b.open(account), "演示户"
	if p, ok := b.holders[account]; ok {
		name = p.Name
	}
	items := []data{}
	for _, d := range a.bills {
		if !d.settled {
			items = append(items, b.shown(d))
		}
	}
	out["known"], out["holder"], out["place"], out["items"] = true, "*"+ending(name, 1), b.place(account), items
	out["balance"], out["offers"] = a.balance, b.offers()
	if a.records != nil {
		out["records"] = a.records
	}
	return out, nil
}

func (b *biller) settle(in question) (data, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	account, owner, paid, ids := in.phone("account"), in.text("owner"), in.text("paid"), in.list("items")
	amount, ok := in.whole("amount")
	if account == "" || len(ids) == 0 || !ok || paid == "" {
		return nil, refusal{"incomplete", "内容不完整：缺少" + b.p.Number.Name + "、要付的项目、缴款凭证或金额"}
	}
	print := strings.Join([]string{account, owner, strings.Join(ids, ","), paid, fmt.Sprint(amount)}, "|")
	return b.ledger.act(in, print, ending(account, 2), func() (data, func(), error) {
		if !b.known(account, owner) {
			return nil, nil, refusal{"unknown", "没有这个" + b.p.Number.Name}
		}
		a := b.open(account)
		chosen, topUp, err := b.checked(a, ids, amount)
		if err != nil {
			return nil, nil, err
		}
		return b.booked(a, chosen, topUp, in.at)
	})
}

// checked finds what is paid for, bills and offers, and holds it against the amount.
func (b *biller) checked(a *keptAccount, ids []string, amount int64) (chosen []*due, topUp int64, err error) {
	var sum int64
	for _, id := range ids {
		if fen, err := strconv.ParseInt(strings.TrimPrefix(id, "t"), 10, 64); err == nil && slices.Contains(b.p.Offers, fen) && id[0] == 't' {
			topUp += fen
			continue
		}
		i := slices.IndexFunc(a.bills, func(d *due) bool { return d.id == id })
		switch {
		case i < 0:
			return nil, 0, refusal{"unknown", "没有找到这一项，请重新查询"}
		case a.bills[i].settled:
			return nil, 0, refusal{"settled", "这一项已经交过了"}
		}
		chosen = append(chosen, a.bills[i])
		sum += a.bills[i].amount
	}
	if sum+topUp != amount {
		return nil, 0, refusal{"amount", "缴款金额与账目不一致"}
	}
	return chosen, topUp, nil
}

func (b *biller) booked(a *keptAccount, chosen []*due, topUp int64, now time.Time) (data, func(), error) {
	for _, d := range chosen {
		d.settled = true
	}
	a.balance += topUp
	b.receipts++
	after := ""
	if n := len(b.p.After); n > 0 {
		after = b.p.After[b.receipts%n]
	}
	answer := data{
		"receipt":    fmt.Sprintf("%s%s%06d", b.p.Receipt, now.In(clock.Shanghai).Format("20060102"), b.receipts),
		"settled_at": stamp(now), "balance": a.balance, "after": after,
	}
	return answer, func() {
		for _, d := range chosen {
			d.settled = false
		}
		a.balance -= topUp
	}, nil
}

// issue makes new bills, so that long tests never run out of them.
func (b *biller) issue(in question) (data, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	account := in.phone("account")
	n, ok := in.whole("count")
	owner := b.holders[account].CitizenNumber
	if b.p.Bill == nil || !b.known(account, owner) || !ok || n < 1 || n > 100 {
		return nil, refusal{"unknown", "没有这个" + b.p.Number.Name + "，或数量不在 1 到 100 之间"}
	}
	return b.ledger.act(in, account+fmt.Sprint(n), "", func() (data, func(), error) {
		a := b.open(account)
		r := rand.New(rand.NewPCG(uint64(b.seed)^hashed(account), uint64(len(a.bills))))
		items := []data{}
		for range n {
			items = append(items, b.shown(b.add(a, r)))
		}
		return data{"items": items}, nil, nil
	})
}
