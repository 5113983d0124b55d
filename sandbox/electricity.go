package sandbox

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// electricity is the power company's billing system.
type electricity struct {
	seed    int64
	start   time.Time // the day the world began, in Shanghai
	holders map[string]Person

	books
	bills    map[string][]*bill
	receipts int
}

type bill struct {
	id, month string
	kwh       int
	amount    int64 // fen
	due       string
	settled   bool
}

// magicAccounts are endings that work for every ten-digit number, registered or not.
func magicAccounts() []string {
	return []string{"00", "13", "44", "45", "46", "01", "02", "03", "04", "05", "06", "07", "08", "09"}
}

func newElectricity(people []Person, cfg Config, began time.Time) *office {
	e := &electricity{
		seed: cfg.Seed, start: began,
		holders: map[string]Person{}, bills: map[string][]*bill{}, books: newBooks(&diary{}),
	}
	for _, p := range people {
		e.holders[p.Electricity] = p
	}
	return &office{
		name: Electricity, title: "供电公司账务系统（演示）", about: "按户号查电费、销账。",
		shows: []string{"name", "phone", "electricity"}, diary: e.ledger.diary,
		calls: map[string]call{
			"bill.find":    {takes: "account", gives: "known, account, holder, address, items[{id, month, kwh, amount, due}], as_of", do: e.find},
			"bill.settle":  {act: true, takes: "account, items[], paid, amount", gives: "receipt, settled_at", do: e.settle},
			"bill.settled": {takes: "key", gives: "settled, voided, receipt?, settled_at?", do: e.settled},
			"bill.void":    {act: true, takes: "key?", gives: "voided, was_settled", do: e.void},
			"bill.issue":   {act: true, takes: "account, count", gives: "items", do: e.issue},
		},
		magic: []magic{
			{"户号末两位 00", "没有欠费"},
			{"户号末两位 13", "查询一直没有回应"},
			{"户号末两位 44", "付款后供电公司拒绝销账，应当退款"},
			{"户号末两位 45", "销账前两次没有回应，第三次成功"},
			{"户号末两位 46", "销账成功，但第一次的回答丢失"},
			{"户号末两位 01 到 09", "账单金额以同样两位结尾，用来试支付通道的特殊金额"},
		},
	}
}

func (e *electricity) known(account string) bool {
	if len(account) != 10 || strings.Trim(account, "0123456789") != "" {
		return false
	}
	_, ok := e.holders[account]
	return ok || slices.Contains(magicAccounts(), ending(account, 2))
}

// open gives an account's bills, making one or two at first.
func (e *electricity) open(account string) []*bill {
	if list, ok := e.bills[account]; ok {
		return list
	}
	r := rand.New(rand.NewPCG(uint64(e.seed), hashed("electricity"+account)))
	n := 1 + r.IntN(2)
	end := ending(account, 2)
	if end == "00" {
		n = 0
	} else if slices.Contains(magicAccounts(), end) {
		n = 1
	}
	e.bills[account] = nil
	for range n {
		e.add(account, r)
	}
	return e.bills[account]
}

func (e *electricity) add(account string, r *rand.Rand) *bill {
	first := time.Date(e.start.Year(), e.start.Month(), 1, 0, 0, 0, 0, clock.Shanghai)
	k := len(e.bills[account])
	month := first.AddDate(0, -1-k, 0)
	b := &bill{
		id: fmt.Sprintf("%s-%s-%d", account, month.Format("200601"), k+1), month: month.Format("2006-01"),
		kwh: 80 + r.IntN(420), due: first.AddDate(0, -k, 24).Format("2006-01-02"),
	}
	// 0.538 yuan a kWh, the first step of Zhejiang's household tariff; a last digit that the channel would take as magic is raised.
	b.amount = int64(b.kwh) * 538 / 10
	if end := ending(account, 2); slices.Contains(magicAccounts()[5:], end) {
		b.amount = b.amount/100*100 + int64(end[1]-'0')
	} else if last := b.amount % 100; last >= 1 && last <= 9 {
		b.amount += 10
	}
	e.bills[account] = append(e.bills[account], b)
	return b
}

func (e *electricity) find(in question) (data, error) {
	account := in.text("account")
	if ending(account, 2) == "13" {
		return nil, errSilent
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	out := data{"known": false, "account": account, "holder": "", "address": "", "items": []data{}, "as_of": stamp(in.at)}
	if !e.known(account) {
		return out, nil
	}
	name := "演示户"
	if p, ok := e.holders[account]; ok {
		name = p.Name
	}
	items := []data{}
	for _, b := range e.open(account) {
		if !b.settled {
			items = append(items, b.shown())
		}
	}
	out["known"], out["holder"], out["address"], out["items"] = true, "*"+ending(name, 1), "西湖区****号（演示）", items
	return out, nil
}

func (b *bill) shown() data {
	return data{"id": b.id, "month": b.month, "kwh": b.kwh, "amount": b.amount, "due": b.due}
}

func (e *electricity) settle(in question) (data, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	account, paid, ids := in.text("account"), in.text("paid"), in.list("items")
	amount, ok := in.whole("amount")
	if account == "" || len(ids) == 0 || !ok || paid == "" {
		return nil, refusal{"incomplete", "销账内容不完整：缺少户号、账单、缴款凭证或金额"}
	}
	print := account + "|" + strings.Join(ids, ",") + "|" + paid + "|" + fmt.Sprint(amount)
	return e.ledger.act(in, print, ending(account, 2), func() (data, func(), error) {
		chosen, err := e.checked(account, ids, amount)
		if err != nil {
			return nil, nil, err
		}
		for _, b := range chosen {
			b.settled = true
		}
		e.receipts++
		answer := data{"receipt": fmt.Sprintf("DL%s%06d", in.at.In(clock.Shanghai).Format("20060102"), e.receipts), "settled_at": stamp(in.at)}
		return answer, func() {
			for _, b := range chosen {
				b.settled = false
			}
		}, nil
	})
}

func (e *electricity) checked(account string, ids []string, amount int64) ([]*bill, error) {
	if !e.known(account) {
		return nil, refusal{"unknown", "没有这个户号"}
	}
	var chosen []*bill
	var sum int64
	for _, id := range ids {
		i := slices.IndexFunc(e.open(account), func(b *bill) bool { return b.id == id })
		switch {
		case i < 0:
			return nil, refusal{"unknown", "没有找到这张账单"}
		case e.bills[account][i].settled:
			return nil, refusal{"settled", "这张账单已经交过了"}
		}
		chosen = append(chosen, e.bills[account][i])
		sum += e.bills[account][i].amount
	}
	if sum != amount {
		return nil, refusal{"amount", "缴款金额与账单不一致"}
	}
	return chosen, nil
}

// issue makes new bills, so that long tests never run out of them.
func (e *electricity) issue(in question) (data, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	account := in.text("account")
	n, ok := in.whole("count")
	if !e.known(account) || !ok || n < 1 || n > 100 {
		return nil, refusal{"unknown", "没有这个户号，或数量不在 1 到 100 之间"}
	}
	return e.ledger.act(in, account+fmt.Sprint(n), "", func() (data, func(), error) {
		r := rand.New(rand.NewPCG(uint64(e.seed)^hashed(account), uint64(len(e.open(account)))))
		items := []data{}
		for range n {
			items = append(items, e.add(account, r).shown())
		}
		return data{"items": items}, nil, nil
	})
}
