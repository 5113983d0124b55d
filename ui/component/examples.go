package component

import "github.com/a-h/templ"

// Examples are all components with props worth looking at, in the order of the gallery. All people, plates, numbers
// and places in them are invented.
func Examples() []Example {
	var all []Example
	for _, part := range [][]Example{
		identityExamples(), frameExamples(), listExamples(), actionExamples(), inputExamples(), choiceExamples(),
		bookingExamples(), recordExamples(), courseExamples(), accountExamples(), stateExamples(), consoleExamples(),
	} {
		all = append(all, part...)
	}
	return all
}

func identityExamples() []Example {
	return []Example{
		{Component: "Logo", Name: "with word", Show: Logo{Href: "/", Word: true}},
		{Component: "Logo", Name: "mark", Show: Logo{}},
		{Component: "Icon", Name: "three sizes", Show: Group(Icon{Name: "car"}, Icon{Name: "car", Size: "m"}, Icon{Name: "car", Size: "s"})},
		{Component: "Dot", Name: "three sizes", Show: Group(Dot{Icon: "shield", Size: "s"}, Dot{Icon: "shield"}, Dot{Icon: "shield", Size: "l"})},
		{Component: "Avatar", Name: "tones", Show: Group(Avatar{Char: "杭"}, Avatar{Char: "警", Tone: "b"}, Avatar{Char: "税", Tone: "c"}, Avatar{Char: "医", Tone: "d"}, Avatar{Char: "文", Tone: "e"}, Avatar{Char: "张", Tone: "me", Round: true})},
		{Component: "Money", Name: "plain and big", Show: Group(Money{Fen: 15000}, Text(" "), Money{Fen: 15000, Big: true})},
		{Component: "Plate", Name: "both kinds", Show: Group(Plate{Text: "浙A·8K2*7"}, Text(" "), Plate{Text: "浙A·D1**36", EV: true})},
		{Component: "Tag", Name: "tones", Show: Group(Tag{Text: "待受理"}, Tag{Text: "马上查到", Tone: Info}, Tag{Text: "在线办结", Tone: OK}, Tag{Text: "预约后到窗口", Tone: Warn}, Tag{Text: "已超期", Tone: Danger}, Tag{Text: "6 个部门联办", Tone: Brand})},
		{Component: "Badge", Name: "few and many", Show: Group(Badge{N: 3}, Badge{N: 120}, Badge{})},
		{Component: "Mark", Name: "hits", Show: Mark{Text: "交通违法查询与缴款", Hits: []string{"违法", "缴款"}}},
		{Component: "Moment", Name: "with machine form", Show: Moment{Text: "5月28日 周四", ISO: "2026-05-28T00:00:00+08:00"}},
		{Component: "Ripple", Name: "two forms", Show: Group(Ripple{Dot: true}, Ripple{})},
	}
}

func frameExamples() []Example {
	search := SearchBox{Action: "/city/hangzhou/services", Placeholder: "想办什么事？例如：违章缴费"}
	return []Example{
		{Component: "Hero", Name: "signed in", Show: Hero{
			City: "杭州", CityHref: "/", Weather: []string{"小雨 22℃", "空气 优"}, Greeting: "动动指尖，把事办了",
			Sub: "杭州市 1,462 个公众号 · 386 项服务，一个入口", Unread: 3, ModeAction: "/settings/mode", Back: "/city/hangzhou", Search: search,
		}},
		{Component: "Nav", Name: "plain", Show: Nav{Title: "交通违法查询与缴款", Back: "/city/hangzhou"}},
		{Component: "Nav", Name: "with action", Show: Nav{Title: "办件进度", Back: "/me/cases", ActHref: "/help", ActIcon: "headphones", ActLabel: "帮助"}},
		{Component: "NavSearch", Name: "filled", Show: NavSearch{Back: "/city/hangzhou", Search: SearchBox{Action: "/city/hangzhou/services", Value: "违章", ID: "q2"}}},
		{Component: "TabBar", Name: "home", Show: TabBar{On: "home", Home: "/city/hangzhou", Unread: 3}},
		{Component: "Head", Name: "services", Show: Head{Title: "杭州 · 全部服务", More: Anchor{Text: "全市", Href: "/city/hangzhou/services"}, Search: &SearchBox{Action: "/city/hangzhou/services", Plain: true, ID: "q3", Placeholder: "在 386 项服务里找"}}},
		{Component: "SearchBox", Name: "plain", Show: SearchBox{Action: "/", Plain: true, ID: "c", Label: "城市名或拼音", Placeholder: "城市名或拼音，例如 wz", Button: "查找", Keep: []Hidden{{"from", "home"}}}},
		{Component: "ActionBar", Name: "one button", Show: ActionBar{Button: Button{Text: "查询"}}},
		{Component: "ActionBar", Name: "running total", Show: ActionBar{Label: "已选 1 条，记 0 分", Value: "¥150.00", Running: "已选 {n} 条，记 {p} 分", Button: Button{Text: "下一步"}}},
		{Component: "Section", Name: "with link", Show: Section{Title: "按领域找服务", ID: "sectors", More: Anchor{Text: "我的收藏 6", Href: "/me/favourites"}}},
		{Component: "Section", Name: "small with note", Show: Section{Title: "浙江省", Note: "11 个市全部开通", Small: true}},
		{Component: "Chips", Name: "cities", Show: Chips{Items: []Anchor{{Text: "杭州", Href: "/city/hangzhou", On: true}, {Text: "温州", Href: "/city/wenzhou"}, {Text: "上海", Href: "/city/shanghai"}}}},
		{Component: "Tabs", Name: "results", Show: Tabs{Label: "结果类型", Items: []Anchor{{Text: "全部 14", Href: "?", On: true}, {Text: "服务 5", Href: "?kind=service"}}}},
		{Component: "Rail", Name: "groups", Show: Rail{Label: "领域", Items: []Anchor{{Text: "公安户政", Href: "?group=police"}, {Text: "交管", Href: "?group=traffic-police", On: true}}}},
		{Component: "Main", Name: "with tab bar", Show: Main{Tab: true}},
		{Component: "Card", Name: "titled", Show: Card{Pad: true, Title: "这次办事，您满意吗？"}},
	}
}

func listExamples() []Example {
	return []Example{
		{Component: "FieldGrid", Name: "four", Show: FieldGrid{Items: []GridItem{
			{"shield", "公安户政", "?group=police"}, {"car", "交管", "?group=traffic-police"}, {"stethoscope", "医疗", "?group=health"}, {"layout-grid", "全部 27 类", "/city/hangzhou/services"},
		}}},
		{Component: "List", Name: "services", Show: List{Items: []Item{
			{Title: "交通违法查询与缴款", Href: "/s/1", Hits: []string{"违法"}, Lines: []string{"上月 12.6 万人办过"}, Tags: []Tag{{Text: "杭州交警"}, {Text: "在线办结", Tone: OK}}},
			{Title: "新生儿“出生一件事”", Href: "/s/2", Icon: "baby", Lines: []string{"户口、医保、社保卡一次办好"}, Side: Tag{Text: "6 个部门联办", Tone: Brand}},
			{Title: "地铁 3 号线北段 6月1日起延长运营到 23:30", Above: "杭州发布　18 分钟前", Href: "/a/1", Avatar: &Avatar{Char: "杭", Size: "s"}, Unread: true, NoArrow: true},
			{Title: "杭州交警", Verified: "杭州市公安局交通警察支队", Avatar: &Avatar{Char: "警", Tone: "b"}, Side: PostButton{Action: "/a/hzjj/follow", Button: Button{Text: "关注", Tone: Line, Small: true}}},
			{Title: "电费", Value: "¥86.40", Href: "/s/3", Lines: []string{"5月账单"}},
		}}},
		{Component: "Item", Name: "beside", Show: Item{Title: "广东省", Beside: "21 个市全部开通", Href: "/?province=guangdong"}},
		{Component: "TodoCard", Name: "two", Show: TodoCard{Items: []Todo{
			{Title: "交通违法待缴款", Amount: "¥150.00", Where: "浙A·8K2*7", Due: "6月12日前", Rest: "处理", Verb: "去处理", Href: "/cases/1"},
			{Title: "周四上午 9:30 复诊", Where: "湖滨医院 3 号楼 2 层　5月28日", Verb: "看预约", Href: "/cases/2"},
		}}},
		{Component: "TodoCard", Name: "none", Show: TodoCard{}},
		{Component: "Pager", Name: "both ways", Show: Pager{Prev: "?before=x", Next: "?after=y"}},
	}
}

func actionExamples() []Example {
	return []Example{
		{Component: "Button", Name: "tones", Show: ButtonRow{Items: []Button{{Text: "下一步"}, {Text: "看预约", Tone: Soft}, {Text: "下载电子票据", Tone: Line, Icon: "download", Href: "/r.pdf"}, {Text: "查到后通知我", Tone: Quiet}, {Text: "撤回申请", Tone: Danger}}}},
		{Component: "ButtonRow", Name: "two", Show: ButtonRow{Items: []Button{{Text: "再试一次", Small: true}, {Text: "查到后通知我", Tone: Quiet, Small: true}}}},
		{Component: "Button", Name: "small and disabled", Show: ButtonRow{Items: []Button{{Text: "去处理", Tone: Soft, Small: true}, {Text: "催一下", Disabled: true, Small: true}}}},
		{Component: "Buttons", Name: "two", Show: Buttons{Items: []Button{{Text: "加到手机日历", Icon: "calendar-days", Href: "/c.ics", Download: "booking.ics"}, {Text: "改时间或取消", Tone: Line, Href: "/x", Spoken: "5月28日的预约"}}}},
		{Component: "Details", Name: "closed", Show: Details{Summary: "不缴会怎么样？", Text: "收到处罚决定书后 15 天内缴清。过期每天加收罚款数额的 3%，加收总数不超过罚款数额。"}},
		{Component: "PostButton", Name: "favourite", Show: PostButton{Action: "/me/favourites", Button: Button{Text: "收藏", Tone: Line, Icon: "bookmark"}, Hidden: []Hidden{{"service", "traffic-fine-payment"}}}},
	}
}

func inputExamples() []Example {
	return []Example{
		{Component: "Form", Name: "empty", Show: Form{Action: "/cases/1/steps/plate", ID: "f", Key: "k1", Draft: "/cases/1/steps/plate/draft"}},
		{Component: "StepMarker", Name: "second of four", Show: StepMarker{At: 2, Of: 4, Name: "选要处理的"}},
		{Component: "StepMarker", Name: "too many", Show: StepMarker{At: 2, Of: 12}},
		{Component: "Question", Name: "with lead", Show: Question{Title: "填写您本人的身份信息", Lead: "查违法、领票据要先确认是您本人。只需认证一次。"}},
		{Component: "Input", Name: "plate with error", Show: Input{Name: "plate", Label: "车牌号", Hint: "新能源车 8 位，其他小型汽车 7 位", Error: "车牌号少一位，小型汽车是 7 位，例如 浙A12345", Value: "浙A1234", Kind: KindCode, Width: "6"}},
		{Component: "Input", Name: "kinds", Show: Group(
			Input{Name: "name", Label: "姓名", Hint: "和身份证上一样", Kind: KindName},
			Input{Name: "citizen_number", Label: "身份证号", Hint: "18 位，最后一位可能是 X", Kind: KindID},
			Input{Name: "phone", Label: "手机号", Kind: KindTel, Max: 20, Heading: true},
			Input{Name: "amount", Label: "交多少", Kind: KindMoney, Unit: "元", Width: "6", Optional: true},
			Input{Name: "account", Label: "户号", Kind: KindNumeric, Placeholder: "例如 3301005678"},
			Input{Name: "card", Label: "银行卡号", Kind: KindCard},
		)},
		{Component: "TextArea", Name: "optional", Show: TextArea{Name: "more", Label: "还想说点什么？", Optional: true, Max: 300, Value: "约的 9:30，到 10:50 才轮到我。"}},
		{Component: "DateInput", Name: "birthday", Show: DateInput{Name: "born", Label: "出生日期", Hint: "例如 1985 年 3 月 9 日", Birthday: true, Year: "1985"}},
		{Component: "DateInput", Name: "error", Show: DateInput{Name: "from", Label: "从哪天起？", Heading: true, Error: "请填月份，例如 6"}},
		{Component: "Select", Name: "with empty", Show: Select{Name: "hall", Label: "办事大厅", Empty: "请选择", Options: []Option{{Value: "1", Text: "西湖区政务服务中心"}, {Value: "2", Text: "上城区政务服务中心", On: true}}}},
		{Component: "OTP", Name: "sent", Show: OTP{Name: "code", SentTo: "138****5678", Resend: "/login/resend", Voice: "/login/voice"}},
		{Component: "OTP", Name: "waiting with error", Show: OTP{Name: "code2", SentTo: "138****5678", Error: "验证码不对，还可以再试 4 次", Wait: 48_000_000_000}},
		{Component: "Upload", Name: "none yet", Show: Upload{Name: "proof", Label: "租房备案证明", Hint: "照片或 PDF，最多 3 个，每个不超过 5 MB", Accept: "image/*,application/pdf", Multiple: true}},
		{Component: "Upload", Name: "two files, one wrong", Show: Upload{Name: "deed", Label: "房产证", Optional: true, Error: "文件太大了，一个最多 5 MB", Accept: "image/*,application/pdf", Multiple: true, Files: []UploadedFile{
			{Name: "合同.pdf", Size: "1.2 MB", ID: "m1", Href: "/static/m1"}, {Name: "一个名字很长很长很长很长很长很长很长很长很长的文件.pdf", Size: "0.3 MB", ID: "m2", Href: "/static/m2"},
		}}},
		{Component: "Upload", Name: "full", Show: Upload{Name: "form", Label: "申请表", Full: "已经有 1 个文件，要换请先删除", Files: []UploadedFile{{Name: "申请表.pdf", Size: "0.1 MB", ID: "m3", Href: "/static/m3"}}}},
		{Component: "ErrorSummary", Name: "two", Show: Group(
			ErrorSummary{Problems: []Problem{{ID: "plate3", Text: "车牌号少一位，小型汽车是 7 位，例如 浙A12345"}, {Text: "请重新选择车辆"}}},
			Input{Name: "plate3", Label: "车牌号", Error: "车牌号少一位，小型汽车是 7 位，例如 浙A12345", Kind: KindCode},
		)},
		{Component: "Place", Name: "city chooser", Show: Place{Path: "/locate"}},
	}
}

func choiceExamples() []Example {
	return []Example{
		{Component: "Choices", Name: "vehicles", Show: Choices{Name: "vehicle", Label: "要查哪辆车？", Hint: "这些是登记在您名下的车。", Heading: true, Options: []Choice{
			{Value: "1", Plate: "浙A·8K2*7", Sub: "小型汽车　检验有效期至 2027年3月", Tag: Tag{Text: "1 条待处理", Tone: Warn}, On: true},
			{Value: "2", Plate: "浙A·D1**36", EV: true, Sub: "新能源汽车　检验有效期至 2028年9月"},
			{Value: "other", Title: "查其他车辆", Sub: "要填车牌号和发动机号后 6 位"},
		}}},
		{Component: "Choices", Name: "several, plain, error", Show: Choices{Name: "why", Label: "哪里不满意？", Multi: true, Plain: true, Optional: true, Error: "请至少选一项", Options: []Choice{{Value: "slow", Title: "等的时间太长", On: true}, {Value: "twice", Title: "同样的材料重复交"}}}},
		{Component: "Checkbox", Name: "error", Show: Checkbox{Name: "agree", Text: "以上内容属实", Error: "请确认内容属实"}},
		{Component: "Consent", Name: "sensitive", Show: Consent{Name: "consent", Text: "我同意为核对身份处理我的身份证号", Sensitive: true, Body: Text("只用于向公安部门核对身份。核对后加密保存，页面上始终打码。")}},
	}
}

func bookingExamples() []Example {
	slots := Slots{Name: "slot", Legend: "5月28日 周四 上午", First: true, Items: []Slot{{Value: "1", Text: "8:00–8:30", Note: "约满", Full: true}, {Value: "2", Text: "8:30–9:00", Note: "余 1 个"}, {Value: "3", Text: "9:30–10:00", Note: "余 3 个", On: true}}}
	return []Example{
		{Component: "Days", Name: "week", Show: Days{Items: []Day{{"?date=26", "今天", "26", "停约", true, false}, {"?date=28", "周四", "28", "余 14", false, true}, {"?date=29", "周五", "29", "余 22", false, false}}}},
		{Component: "Slots", Name: "morning", Show: slots},
		{Component: "SlotCard", Name: "doctor", Show: SlotCard{Char: "陆", Title: "陆文清（演示）", Sub: "主任医师", Note: "擅长：高血压、冠心病术后随访", Side: Money{Fen: 5000}}},
	}
}

func bold(s string) templ.Component { return templ.Raw("<b>" + templ.EscapeString(s) + "</b>") }
