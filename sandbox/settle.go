package sandbox

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"zhijian/ground/clock"
)

// settle closes violations against a payment: all of them or none.
func (t *traffic) settle(in question) (data, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	decisions := in.list("decisions")
	amount, ok := in.whole("amount")
	paid, owner := in.text("paid"), in.text("owner")
	if len(decisions) == 0 || !ok || paid == "" {
		return nil, refusal{"incomplete", "办理内容不完整：缺少决定书、缴款凭证或金额"}
	}
	end := ""
	if v := t.decisions[decisions[0]]; v != nil {
		end = ending(v.plate, 2)
	}
	print := strings.Join(decisions, ",") + "|" + paid + "|" + fmt.Sprint(amount) + "|" + owner
	return t.ledger.act(in, print, end, func() (data, func(), error) {
		chosen, err := t.checked(decisions, amount, owner)
		if err != nil {
			return nil, nil, err
		}
		return t.release(chosen, in.at)
	})
}

// checked finds the violations and holds them against the amount and the owner.
func (t *traffic) checked(decisions []string, amount int64, owner string) ([]*violation, error) {
	var chosen []*violation
	var sum int64
	for _, d := range decisions {
		v := t.decisions[d]
		switch {
		case v == nil || t.owners[v.plate].CitizenNumber != owner:
			return nil, refusal{"unknown", "没有找到这份处罚决定，或者它不属于本人"}
		case v.settled:
			return nil, refusal{"settled", "这条违法已经处理过了"}
		}
		chosen = append(chosen, v)
		sum += v.fine
	}
	if sum != amount {
		return nil, refusal{"amount", "缴款金额与处罚决定的金额不一致"}
	}
	return chosen, nil
}

func (t *traffic) release(chosen []*violation, now time.Time) (data, func(), error) {
	owner := t.owners[chosen[0].plate].CitizenNumber
	points := 0
	before := t.points[owner]
	after := append([]record(nil), before...)
	for _, v := range chosen {
		v.settled = true
		points += v.points
		if v.points > 0 {
			after = append(after, record{now, v.act, v.points})
		}
	}
	t.points[owner] = after
	t.receipts++
	answer := data{
		"receipt": fmt.Sprintf("JG%s%06d", now.In(clock.Shanghai).Format("20060102"), t.receipts),
		"points":  points, "total_points": t.total(owner), "released_at": stamp(now),
	}
	undo := func() {
		for _, v := range chosen {
			v.settled = false
		}
		kept := t.points[owner][:0:0]
		for i, r := range t.points[owner] {
			if i < len(before) || i >= len(after) {
				kept = append(kept, r)
			}
		}
		t.points[owner] = kept
	}
	return answer, undo, nil
}

// issue puts new violations on a plate, so that long tests never run out of fines.
func (t *traffic) issue(in question) (data, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	plate := foldPlate(in.text("plate"))
	n, ok := in.whole("count")
	p := t.owners[plate]
	if p == nil || !ok || n < 1 || n > 100 {
		return nil, refusal{"unknown", "没有这辆车，或数量不在 1 到 100 之间"}
	}
	return t.ledger.act(in, plate+fmt.Sprint(n), "", func() (data, func(), error) {
		r := rand.New(rand.NewPCG(uint64(t.seed)^hashed(plate), uint64(len(t.open(plate)))))
		items := []data{}
		for range n {
			items = append(items, t.shown(t.add(plate, r), p, true))
		}
		return data{"items": items}, nil, nil
	})
}

type act struct {
	name, law string
	fine      int64 // fen
	points    int
}

// acts are violations with fines of 50 to 200 yuan. The fines and points are of the demo; the
// articles are those of the Road Traffic Safety Law (道路交通安全法) and its regulation.
func acts() []act {
	return []act{
		{"驾驶机动车时有拨打、接听手持电话的行为", "道路交通安全法第九十条、实施条例第六十二条第三项", 15000, 3},
		{"违反规定停放机动车，且驾驶人不在现场", "道路交通安全法第五十六条第一款、第九十三条第二款", 15000, 0},
		{"机动车违反禁令标志指示", "道路交通安全法第三十八条、第九十条", 10000, 1},
		{"机动车违反禁止标线指示", "道路交通安全法第三十八条、第九十条", 10000, 1},
		{"驾驶人未按规定使用安全带", "道路交通安全法第五十一条、第九十条", 5000, 1},
		{"不按规定使用灯光", "道路交通安全法第九十条、实施条例第五十八条", 5000, 1},
		{"遇行人正在通过人行横道时未停车让行", "道路交通安全法第四十七条第一款、第九十条", 15000, 3},
		{"超过规定时速 20% 以上未达到 50%", "道路交通安全法第四十二条第一款、第九十条", 20000, 3},
		{"机动车不按交通信号灯规定通行", "道路交通安全法第三十八条、第九十条", 20000, 6},
	}
}

func places() []string {
	return strings.Fields("文一西路与古墩路口 天目山路黄龙体育中心段 环城北路与中山北路口 西湖大道城站火车站段 机场路与秋涛北路口 " +
		"江南大道滨江区政府段 莫干山路与萍水街口 庆春东路市民中心段 之江路钱江四桥下 留石快速路通益路出口")
}

func kindName(kind string) string {
	if kind == "52" {
		return "小型新能源汽车"
	}
	return "小型汽车"
}
