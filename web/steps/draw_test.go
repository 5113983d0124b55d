package steps_test

import (
	"errors"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"zhijian/domain/booking"
	"zhijian/domain/cases"
	"zhijian/domain/payment"
	"zhijian/domain/service"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ui/proof"
	"zhijian/web/steps"
	"zhijian/web/words"
)

// sight is a page worth looking at.
type sight struct {
	name  string
	state cases.State
	view  service.View
	with  func(*cases.Shown)
	wrong error
	// want are pieces of the page in Chinese.
	want []string
	// never are pieces that may not be there.
	never []string
}

func at(day, hour, min int) time.Time {
	return time.Date(2026, 5, day, hour, min, 0, 0, clock.Shanghai)
}

func flow(v service.View, i int, name string) service.View {
	v.Index, v.Of, v.StepName = i, 4, name
	return v
}

func vehicles() service.View {
	return flow(service.View{
		Kind: service.ViewForm, Step: "plate", Title: "要处理哪辆车？", Lead: "这些是登记在您名下的车。", Button: "查询",
		Notes: []service.Note{{Text: "刚发生的违法一般 3 天后能查到。"}},
		Fields: []service.Field{{Name: "plate", Type: "plate", Label: "车牌号", Why: "按车牌号查没有处理的违法", Options: []service.Option{
			{Value: "1", Label: "浙A·8K2*7", Plate: true, Selected: true, Tag: "1 条待处理"},
			{Value: "2", Label: "浙A·D1**36", Plate: true},
			{Value: "other", Label: "其他车辆", Hint: "刚过户的车也选这个"},
		}}},
	}, 1, "选车辆")
}

func other() service.View {
	return flow(service.View{
		Kind: service.ViewForm, Step: "other", Title: "查其他车辆", Button: "继续", Back: "plate",
		Fields: []service.Field{
			{Name: "other_plate", Type: "plate", Label: "车牌号", Hint: "新能源车 8 位，其他小型汽车 7 位", Value: "浙A1234", MaxLength: 20},
			{Name: "engine", Type: "engine_tail", Label: "发动机号后 6 位", Hint: "在行驶证正页“发动机号码”一栏", Why: "确认您有这辆车的行驶证"},
		},
	}, 1, "选车辆")
}

func fines() service.View {
	appeal := []service.Link{{Label: "我有不同意见", Service: "violation-review-request"}}
	return flow(service.View{
		Kind: service.ViewChoose, Step: "chosen", Title: "有 2 条没有处理", Name: "chosen", Min: 1, Button: "下一步", Back: "plate",
		Notes: []service.Note{{Text: "要记分的违法，处理后记在您的驾驶证上。满 12 分要重新学习考试。"}}, Instead: &appeal[0],
		Items: []service.Item{
			{Value: "a", Title: "违反规定停车", Amount: 15000, Points: 0, Selected: true, Links: appeal, Rows: []service.Row{{Label: "时间", Value: "2026年5月16日 18:42"}, {Label: "地点", Value: "西湖区文三路 259 号附近"}, {Label: "车辆", Value: "浙A·8K2*7", Plate: true}, {Label: "记分", Value: "0 分"}}},
			{Value: "b", Title: "不按导向车道行驶", Amount: 10000, Points: 1, Links: appeal, Rows: []service.Row{{Label: "时间", Value: "2026年5月9日 8:05"}, {Label: "地点", Value: "上城区秋涛北路与凤起东路口"}}},
		},
		AsOf: at(26, 6, 0),
	}, 2, "选要处理的")
}

func check() service.View {
	return flow(service.View{
		Kind: service.ViewCheck, Step: "check", Title: "付款前请核对", Button: "确认并付款 ¥150.00", Amount: 15000, Payee: "杭州市财政局（非税收入）", Back: "chosen",
		Rows: []service.Row{
			{Label: "缴款人", Value: "张*敏"},
			{Label: "违法行为", Value: "违反规定停车", Lines: []string{"2026年5月16日 18:42，文三路 259 号附近", "¥150.00，记 0 分"}, Edit: "chosen"},
			{Label: "车辆", Value: "浙A·8K2*7", Plate: true, Edit: "plate"},
			{Label: "收款单位", Value: "杭州市财政局（非税收入）"},
		},
		Declare: "付款就是认可上面的处罚。不认可请不要付款，先提出不同意见。", Instead: &service.Link{Label: "我有不同意见", Service: "violation-review-request"},
		Notes: []service.Note{{Text: "平台不收手续费。"}},
	}, 3, "核对并付款")
}

func days() []service.Day {
	var list []service.Day
	for d, left := range []int{0, 0, 14, 22, 6, 0} {
		day := service.Day{Date: at(26+d, 0, 0).Format(time.DateOnly), Left: left, Open: left > 0}
		for i := range 6 {
			n := (i * left) % 5
			day.Slots = append(day.Slots, service.SlotView{ID: day.Date + "-" + string(rune('a'+i)), Start: at(26+d, 9+i, 30), End: at(26+d, 10+i, 0), Left: n})
		}
		list = append(list, day)
	}
	return list
}

func sights() []sight {
	paid := &payment.Order{No: "3301260526140807", State: payment.Paid, Amount: 15000, Payee: "杭州市财政局（非税收入）", PaidAt: now(), Expires: now().Add(15 * time.Minute)}
	openOrder := *paid
	openOrder.State, openOrder.PaidAt = payment.Ordered, time.Time{}
	booked := &booking.Reservation{No: "7K2Q", State: booking.Confirmed, Start: at(28, 9, 30), End: at(28, 10, 0)}
	return []sight{
		{name: "form", state: cases.Draft, view: vehicles(), want: []string{`name="plate"`, "第 1 步，共 4 步 · 选车辆", "浙A·8K2*7", "zj-plate--ev", `data-draft="/cases/K7QF2M9D0R4T8VXA1/draft"`, "撤回"}},
		{name: "form-error", state: cases.Draft, view: other(), wrong: fault.Join(fault.Invalid("plate.short", "车牌号少一位，小型汽车是 7 位，例如 浙A12345").On("other_plate"), fault.Invalid("engine.empty", "请填发动机号的后 6 位").On("engine")), want: []string{"有 2 处需要改", `href="#other_plate"`, `href="#engine"`, `value="浙A1234"`, `aria-invalid="true"`}},
		{name: "choose", state: cases.Draft, view: fines(), want: []string{`name="chosen"`, "已选 1 条，记 0 分", "¥150.00", `data-label="已选 {n} 条，记 {p} 分"`, "/city/hangzhou/services/violation-review-request", "数据更新于 5月26日 6:00"}},
		{name: "choose-error", state: cases.Draft, view: fines(), wrong: fault.Invalid("choose.min", "请至少选一条").On("chosen"), want: []string{`href="#chosen"`, `id="chosen"`}},
		{name: "choose-plain", state: cases.Draft, view: flow(service.View{Kind: service.ViewChoose, Step: "hall", Name: "hall", Title: "去哪个大厅？", Min: 1, Max: 1, Button: "下一步", Items: []service.Item{{Value: "h1", Title: "西湖区行政服务中心（演示）", Points: -1, Rows: []service.Row{{Label: "地址", Value: "文一西路 858 号"}, {Label: "开放", Value: "工作日 9:00–17:00"}}}, {Value: "h2", Title: "上城区行政服务中心（演示）", Points: -1}}}, 1, "选大厅"), want: []string{`type="radio"`, "地址 文一西路 858 号", "<h1"}},
		{name: "book", state: cases.Draft, view: flow(service.View{Kind: service.ViewBook, Step: "slot", Name: "slot", Title: "哪天、几点来？", Lead: "西湖区行政服务中心　户籍迁移", Min: 1, Max: 1, Button: "下一步", Days: days(), Back: "matter"}, 3, "选时间"), want: []string{`name="slot"`, `aria-current="date"`, "余 14", "约满", "5月28日 周四 上午"}},
		{name: "book-lost", state: cases.Draft, view: flow(service.View{Kind: service.ViewBook, Step: "slot", Name: "slot", Title: "哪天、几点来？", Button: "下一步", Missed: "2026-05-28-b", Days: days(), Notes: []service.Note{{Tone: "warn", Text: "这个时段刚刚被约满，请换一个时段"}}}, 3, "选时间"), want: []string{"这个时段刚刚被约满", "离您选的最近的时间", "刚才那个时间约满了"}},
		{name: "book-none", state: cases.Draft, view: flow(service.View{Kind: service.ViewBook, Step: "slot", Name: "slot", Title: "哪天、几点来？", Button: "下一步"}, 3, "选时间"), want: []string{"这几天都没有可约的时间"}},
		{name: "book-silent", state: cases.Draft, view: flow(service.View{Kind: service.ViewBook, Step: "slot", Name: "slot", Title: "哪天、几点来？", Button: "下一步", Down: true, Office: "杭州市民之家"}, 3, "选时间"), want: []string{"杭州市民之家的系统现在没有回应", "再看一次"}},
		{name: "check", state: cases.Draft, view: check(), want: []string{"确认并付款 ¥150.00", "应付", `/cases/K7QF2M9D0R4T8VXA1/steps/chosen"`, "平台不收手续费", "我有不同意见"}},
		{name: "pay", state: cases.Paying, view: flow(service.View{Kind: service.ViewPay, Step: "fine", Title: "付款", Button: "付款 ¥150.00", Amount: 15000, Payee: "杭州市财政局（非税收入）", PayURL: "http://127.0.0.1:9001/pay", Notes: []service.Note{{Text: "平台不收手续费。"}}}, 3, "付款"), with: func(s *cases.Shown) { s.Order = &openOrder }, want: []string{"杭州市财政局（非税收入）", "付款期限", "5月26日 14:23 前", "平台不收手续费", `action="/cases/K7QF2M9D0R4T8VXA1/steps/fine"`, "/paid"}, never: []string{"127.0.0.1:9001"}},
		{name: "pay-closed", state: cases.Paying, view: flow(service.View{Kind: service.ViewPay, Step: "fine", Title: "付款", Button: "再付一次 ¥150.00", Amount: 15000, Retry: true, Notes: []service.Note{{Tone: "warn", Text: "没有在规定时间内付款，没有扣钱。"}}}, 3, "付款"), want: []string{"再付一次 ¥150.00", "没有扣钱"}},
		{name: "pay-ordering", state: cases.Paying, view: flow(service.View{Kind: service.ViewPay, Step: "fine", Title: "付款"}, 3, "付款"), want: []string{"正在准备付款", "data-wait"}},
		{name: "wait", state: cases.Asking, view: flow(service.View{Kind: service.ViewWait, Step: "violations", Title: "正在向杭州交警查询", Lead: "可以离开，查到后发消息给您。", Office: "杭州交警", Usual: "通常 1 秒内", Since: now()}, 2, ""), want: []string{"正在向杭州交警查询", "通常 1 秒内", `data-wait="/cases/K7QF2M9D0R4T8VXA1/steps/violations"`, `http-equiv="refresh" content="5"`}},
		{name: "wait-down", state: cases.Asking, view: flow(service.View{Kind: service.ViewWait, Step: "violations", Title: "暂时查不到", Lead: "杭州交警的系统没有回应，不是您的问题。已填的内容都还在。", Office: "杭州交警", Down: true, DownFrom: at(26, 10, 32), Retry: true}, 2, ""), want: []string{"从 5月26日 10:32 起没有回应", "不是您的问题", `action="/cases/K7QF2M9D0R4T8VXA1/retry"`, "再试一次"}},
		{name: "wait-stuck", state: cases.Stuck, view: flow(service.View{Kind: service.ViewWait, Step: "settlement", Title: "要请工作人员看一下", Lead: "杭州交警还没有确认。您不用再操作，有结果会发消息给您。", Stuck: true, Amount: 15000, Notes: []service.Note{{Tone: "ok", Text: "钱已经收到，请不要再付一次。"}}}, 4, ""), want: []string{"您不用再操作", "请不要再付一次", "K7QF 2M9D"}},
		{name: "result-done", state: cases.Done, view: flow(service.View{Kind: service.ViewResult, Step: "done", End: "done", Title: "已付款，这条违法处理完了", Good: true, Receipt: true, Rows: []service.Row{{Label: "付了", Value: "¥150.00", Money: true}, {Label: "时间", Value: "2026年5月26日 14:08"}, {Label: "记分", Value: "0 分"}, {Label: "缴款编号", Value: "3301 2605 2614 0807"}}, Next: []string{"10 分钟内，您会收到“杭州交警”的办结消息。", "1 个工作日内，这条记录从查询结果中消失，不影响年检。"}}, 4, "完成"), with: func(s *cases.Shown) { s.Order = paid }, want: []string{"zj-done", "3301 2605 2614 0807", "下载电子票据", "receipt.pdf", "接下来", `name="level"`, `action="/cases/K7QF2M9D0R4T8VXA1/rate"`}},
		{name: "result-booked", state: cases.Done, view: flow(service.View{Kind: service.ViewResult, Step: "done", End: "done", Title: "约好了", Good: true, Rows: []service.Row{{Label: "取号码", Value: "B 027"}, {Label: "时间", Value: "5月28日 周四 9:30–10:00"}, {Label: "地点", Value: "西湖区行政服务中心（演示）", Lines: []string{"文一西路 858 号"}}}, Next: []string{"前一天 18:00，发消息提醒您。"}}, 4, "完成"), with: func(s *cases.Shown) { s.Reservation = booked }, want: []string{"B 027", "取号码", "calendar.ics"}},
		{name: "result-booked-paid", state: cases.Done, view: flow(service.View{Kind: service.ViewResult, Step: "done", End: "done", Title: "约好了", Good: true, Receipt: true, Rows: []service.Row{{Label: "取号码", Value: "F42386"}, {Label: "缴款编号", Value: "3301 2605 2614 0807"}}}, 4, "完成"), with: func(s *cases.Shown) { s.Reservation, s.Order = booked, paid }, want: []string{"取号码<br><b>F42386</b>", "缴款编号", "3301 2605 2614 0807"}},
		{name: "result-refused", state: cases.Refused, view: flow(service.View{Kind: service.ViewResult, Step: "refused", End: "refused", Title: "交警没有接受，钱已原路退回", Lead: "这条违法正在复核，暂时不能处理。", Rows: []service.Row{{Label: "退回", Value: "¥150.00", Money: true}}, Notes: []service.Note{{Tone: "ok", Text: "钱已经原路退回。"}}, Next: []string{"这条违法还在，可以到交警窗口处理。", "不同意可以到窗口说明，或打 12345。"}}, 4, "完成"), want: []string{"钱已经原路退回", "重新办理", "12345"}, never: []string{"zj-done"}},
		{name: "result-query", state: cases.Answered, view: flow(service.View{Kind: service.ViewResult, Step: "weather", End: "weather", Title: "小雨，22℃", Lead: "杭州站　14:00 更新", Good: true, Rows: []service.Row{{Label: "空气质量", Value: "32 优"}, {Label: "周三", Value: "多云 19～26℃", Lines: []string{"东风 2 级"}}}, AsOf: at(26, 14, 0), Instead: &service.Link{Label: "去处理", Service: "traffic-fine-payment"}}, 1, ""), with: func(s *cases.Shown) {
			d := *s.Offer.Definition
			d.Type, d.How, d.Rate = "information", "query", false
			s.Offer.Definition = &d
		}, want: []string{"小雨，22℃", "再查一次", "查询过程", "去处理"}, never: []string{"zj-done", `name="level"`}},
	}
}

func TestSights(t *testing.T) {
	t.Parallel()
	s, _ := pages(t)
	for _, one := range sights() {
		for _, l := range []look{{lang: "zh"}, {lang: "zh", elder: true, theme: "dark"}, {lang: "en"}} {
			t.Run(one.name+"/"+l.lang, func(t *testing.T) {
				shown := matter(l.lang, one.state, one.view)
				if one.with != nil {
					one.with(&shown)
				}
				p, content := s.Draw(httptest.NewRecorder(), request(l), shown, one.wrong)
				text := html(t, p, content)
				for _, f := range proof.Page(text) {
					t.Error(f)
				}
				if strings.Contains(text, "⟨") {
					t.Error("a word is missing: " + text[strings.Index(text, "⟨"):][:60])
				}
				if l.lang == "en" {
					for _, link := range []string{`href="/cases/`, `action="/cases/`, `data-wait="/cases/`} {
						if strings.Contains(text, link) {
							t.Errorf("an English page has the Chinese path %s", link)
						}
					}
					return
				}
				for _, want := range one.want {
					if !strings.Contains(text, want) {
						t.Errorf("%q is not on the page", want)
					}
				}
				for _, never := range one.never {
					if strings.Contains(text, never) {
						t.Errorf("%q is on the page", never)
					}
				}
			})
		}
	}
}

// The first form of main is the step's own, so that a plain program finds it.
func TestMainFormIsFirst(t *testing.T) {
	t.Parallel()
	s, _ := pages(t)
	for _, one := range sights() {
		switch one.view.Kind {
		case service.ViewForm, service.ViewChoose, service.ViewBook, service.ViewCheck, service.ViewPay:
		default:
			continue
		}
		if one.name == "pay-ordering" {
			continue // nothing to be sent yet
		}
		p, content := s.Draw(httptest.NewRecorder(), request(look{lang: "zh"}), matter("zh", one.state, one.view), one.wrong)
		text := html(t, p, content)
		first := text[strings.Index(text, "<main"):]
		first = first[strings.Index(first, "<form"):]
		if !strings.Contains(first[:strings.Index(first, ">")], `/steps/`+one.view.Step) {
			t.Errorf("%s: the first form is not the step's", one.name)
		}
	}
}

// A cause that is no fault of the form leaves the page as it is.
func TestForeignErrorIsNotShown(t *testing.T) {
	t.Parallel()
	s, _ := pages(t)
	p, content := s.Draw(httptest.NewRecorder(), request(look{lang: "zh"}), matter("zh", cases.Draft, vehicles()), errors.New("disk on fire"))
	if text := html(t, p, content); strings.Contains(text, "disk") || strings.Contains(text, "zj-errsum") {
		t.Error("an error that is not the resident's is on the page")
	}
}

// Every line that a case's course can have, every state and every state of an order has its words.
func TestWordsAreComplete(t *testing.T) {
	t.Parallel()
	book, err := words.Open(steps.Words())
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, code := range cases.Codes() {
		keys = append(keys, "steps.log."+code)
	}
	for _, state := range cases.States() {
		keys = append(keys, "steps.state."+string(state))
	}
	for _, state := range payment.States() {
		keys = append(keys, "steps.order."+string(state))
	}
	for _, key := range keys {
		if !book.Has(key) {
			t.Errorf("%s has no words", key)
		}
	}
}
