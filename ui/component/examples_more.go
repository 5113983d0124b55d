package component

import (
	"zhijian/domain/service"
	"zhijian/ground/geo"
)

// mapExample is two docks, a slow road and a cell around somebody.
func mapExample() service.Map {
	here := geo.Point{Lat: 30.25, Lon: 120.16}
	return service.Map{
		Here: here, Side: 1000, More: 3, Scale: []service.MapStep{{From: 10, Text: "10 人以上"}, {From: 200, Text: "200 人以上"}},
		Bounds: service.Bounds{South: 30.243, West: 120.152, North: 30.259, East: 120.168},
		Points: []service.MapPoint{
			{MapEntry: service.MapEntry{No: 1, Title: "地铁口网点（演示）", Text: "可借 3，可还 12", Tone: "ok", Metres: 220}, At: here.Offset(200, 90)},
			{MapEntry: service.MapEntry{No: 2, Title: "公园网点（演示）", Text: "可借 0，可还 20", Tone: "warn", Metres: 640, Lines: []string{"现在没有车"}}, At: here.Offset(-500, -400)},
		},
		Lines: []service.MapLine{{MapEntry: service.MapEntry{No: 3, Title: "江滨路（演示）", Text: "缓行", Metres: 300}, Level: "slow", Path: []geo.Point{here.Offset(-700, 500), here.Offset(0, 300), here.Offset(700, 400)}}},
		Cells: []service.MapCell{{MapEntry: service.MapEntry{Metres: -1}, At: here, Value: 250, Class: 2}},
	}
}

func recordExamples() []Example {
	return []Example{
		{Component: "SummaryList", Name: "check answers", Show: SummaryList{TotalLabel: "应付", Total: 15000, Rows: []Row{
			{Key: "缴款人", Value: "张*敏"},
			{Key: "违法行为", Value: "违反规定停车", Note: "2026年5月16日 18:42，文三路 259 号附近", Change: "/cases/1/steps/choose"},
			{Key: "车辆", Body: Plate{Text: "浙A·8K2*7"}, Change: "/cases/1/steps/vehicle"},
		}}},
		{Component: "SummaryList", Name: "receipt facts", Show: SummaryList{Rows: []Row{{Key: "时间", Value: "5月28日 周四 9:30–10:00", Note: "请 9:15 前到", Strong: true}, {Key: "就诊人", Value: "张*敏"}, {Key: "公开页", Value: "规则、名单和结果", Href: "/draws/BJXQ2026"}}}},
		{Component: "RecordList", Name: "fines", Show: RecordList{Name: "fine", Label: "要处理的违法", Items: []RecordCard{
			{Value: "a", Title: "违反规定停车", Amount: 15000, On: true, Rows: []Row{{Key: "时间", Value: "2026年5月16日 18:42"}, {Key: "地点", Value: "西湖区文三路 259 号附近"}, {Key: "车辆", Body: Group(Text("浙A·8K2*7　记 "), bold("0"), Text(" 分"))}}, Links: []Anchor{{Text: "看 3 张照片", Href: "/x"}, {Text: "我有不同意见", Href: "/y"}}},
			{Value: "b", Title: "不按导向车道行驶", Amount: 10000, Points: 1, Rows: []Row{{Key: "时间", Value: "2026年5月9日 8:05"}}},
		}}},
		{Component: "RecordList", Name: "one of two, error", Show: RecordList{Name: "bill", Label: "账单", Single: true, Error: "请选一张账单", Items: []RecordCard{{Value: "1", Title: "5月电费", Amount: 8640}, {Value: "2", Title: "查询用电量", NoAmount: true}}}},
		{Component: "RecordCard", Name: "fixed", Show: RecordCard{Title: "5月电费", Amount: 8640, Rows: []Row{{Key: "户号", Value: "3301 0056 78"}, {Key: "用电", Value: "162 度"}}}},
		{Component: "Note", Name: "tones", Show: Group(
			Note{Text: "“违章”的正式叫法是“交通违法”，两种说法的结果都在下面。"},
			Note{Tone: Warn, Title: "请补 1 份材料：租房备案证明", Text: "上传的照片看不清日期。5月29日前补齐，补齐前不计入办理天数。"},
			Note{Tone: OK, Text: "已收藏"},
			Note{Tone: Danger, Text: "罚款已过期 3 天", Icon: "clock"},
		)},
		{Component: "Locate", Name: "districts", Show: Locate{Input: "where"}},
		{Component: "Locate", Name: "nearest", Show: Locate{Input: "near-where", Send: true}},
		{Component: "CityMap", Name: "docks", Show: CityMap{ID: "map-docks", Map: mapExample()}},
		{Component: "Inset", Name: "titled", Show: Inset{Title: "我们怎么用这些信息"}},
	}
}

func courseExamples() []Example {
	return []Example{
		{Component: "DonePanel", Name: "paid", Show: DonePanel{Title: "已付款，这条违法处理完了", Label: "缴款编号", Number: "3301 2605 2614 0807 31"}},
		{Component: "NextList", Name: "two", Show: NextList{Items: []string{"10 分钟内，您会收到“杭州交警”的办结消息。", "1 个工作日内，这条记录从查询结果中消失，不影响年检。"}}},
		{Component: "Timeline", Name: "waiting for the resident", Show: Timeline{Items: []Point{
			{Title: "已提交", At: Moment{Text: "5月19日 20:16", ISO: "2026-05-19T20:16:00+08:00"}, Sub: "您在手机上提交"},
			{Title: "审核中　等您补材料", At: Moment{Text: "5月26日 10:31"}, Sub: "审核员 0233", State: "now"},
			{Title: "送到家　邮政快递", Sub: "文新街道 ****** 2 幢", State: "todo"},
		}}},
		{Component: "Ring", Name: "half", Show: Ring{Of: 10, Left: 5}},
		{Component: "Ring", Name: "stopped", Show: Ring{Of: 10, Left: 5, Stopped: true}},
		{Component: "Ring", Name: "late", Show: Ring{Of: 10, Left: -1}},
		{Component: "CaseHead", Name: "with ring", Show: CaseHead{Tag: Tag{Text: "等您补材料", Tone: Warn}, Title: "居住证申领", Number: "K7QF 2M9D 0R4T 8VXA", Unit: "西湖区公安分局文新派出所", Ring: &Ring{Of: 10, Left: 5}}},
		{Component: "Rating", Name: "chosen", Show: Rating{Name: "level", Value: 4}},
		{Component: "Rating", Name: "error", Show: Rating{Name: "level2", Error: "请选一个满意程度"}},
	}
}

func accountExamples() []Example {
	police := Avatar{Char: "警", Tone: "b"}
	return []Example{
		{Component: "AccountHeader", Name: "service account", Show: AccountHeader{Avatar: police, Name: "杭州交警", Subject: "杭州市公安局交通警察支队", Intro: "查违法、缴罚款、换驾照、处理小事故。工作日 8:30–17:30 有人工。", Follow: "/a/hzjj/follow", Chat: "/a/hzjj/chat", Facts: []string{"108.3 万人关注", "对话平均 26 分钟回复", "好评率 98.1%"}}},
		{Component: "AccountHeader", Name: "followed", Show: AccountHeader{Avatar: police, Name: "杭州交警", Follow: "/a/hzjj/follow", Following: true}},
		{Component: "Verified", Name: "plain", Show: Verified{Text: "杭州市公安局交通警察支队"}},
		{Component: "Chat", Name: "empty", Show: Chat{Title: "和杭州交警的对话"}},
		{Component: "ChatTime", Name: "plain", Show: ChatTime{Text: "5月17日 10:20"}},
		{Component: "MessageCard", Name: "mine", Show: MessageCard{Mine: true, Avatar: Avatar{Char: "张", Tone: "me", Round: true}, Text: "我停在划线车位里了，怎么还罚？"}},
		{Component: "MessageCard", Name: "automatic", Show: MessageCard{Avatar: police, By: "自动回复", Text: "对处罚有不同意见，可以在线提出，5 个工作日内答复。"}},
		{Component: "MessageBody", Name: "choices", Show: MessageBody{
			Title: "哪辆车？", Lines: []string{"选一辆，或者写号牌。"}, Rows: []Row{{Key: "应付", Value: "¥150.00", Strong: true}}, Links: []Anchor{{Text: "打开这一页", Href: "/cases/1"}},
			Quick: QuickReplies{Action: "/a/hzjj/chat", Items: []QuickReply{{Text: "1. 浙A·12345", Name: "line", Value: "1"}, {Text: "2. 浙A·D1234", Name: "line", Value: "2"}}},
		}},
		{Component: "QuickReplies", Name: "two", Show: QuickReplies{Action: "/a/hzjj/chat", Items: []QuickReply{{Text: "继续", Name: "line", Value: "继续"}, {Text: "取消", Name: "line", Value: "取消"}}}},
		{Component: "ChatInput", Name: "plain", Show: ChatInput{Action: "/a/hzjj/chat", Name: "line", Max: 500, Hint: "写要办的事，例如：交罚款", Menu: "/a/hzjj/chat", Lang: "zh-CN"}},
		{Component: "ChatInput", Name: "error", Show: ChatInput{Action: "/a/hzjj/chat", Name: "line", Max: 500, Hint: "写要办的事", Error: "请先写下要说的话", Lang: "zh-CN"}},
		{Component: "TemplateCard", Name: "new fine", Show: TemplateCard{Avatar: police, Title: "有 1 条新的交通违法", Rows: []Row{{Key: "车辆", Value: "浙A·8K2*7"}, {Key: "行为", Value: "违反规定停车"}}, Href: "/cases/1", Go: "查看并处理"}},
		{Component: "AccountMenu", Name: "three", Show: AccountMenu{Keyboard: "?mode=text", Action: "/a/hzjj/chat", Groups: []MenuGroup{{Text: "违法处理", Items: []MenuItem{{Text: "查违法", Href: "/s/1"}}}, {Text: "车驾管", Items: []MenuItem{{Text: "驾驶证换证", Href: "/s/2"}, {Text: "六年免检", Name: "service", Value: "inspection"}}}, {Text: "实时路况", Href: "/s/4"}}}},
	}
}

func stateExamples() []Example {
	return []Example{
		{Component: "Empty", Name: "no cases", Show: Empty{Title: "还没有办件", Text: "办过的事会出现在这里，随时看进度。", Button: Button{Text: "去找服务", Href: "/city/hangzhou/services"}}},
		{Component: "Loading", Name: "asking", Show: Loading{Title: "正在向车管所查询", Text: "一般 5 秒，最长 30 秒。可以离开，查到后发消息给您。", Wait: "/cases/1", Lines: true}},
		{Component: "Offline", Name: "plain", Show: Offline{Text: "现在没有网络。下面是 14:02 的内容，填的内容已存在手机里。"}},
		{Component: "FailureCard", Name: "office down", Show: FailureCard{Title: "暂时查不到", Text: "车管所的系统没有回应，不是您的问题。已填的内容都还在。", Retry: Button{Text: "再试一次", Href: "/cases/1"}, Notify: Button{Text: "查到后通知我", Href: "/cases/1/notify"}, Number: "E-7F31"}},
		{Component: "Flash", Name: "saved", Show: Flash{Text: "已收藏。在“我的”里可以找到。"}},
		{Component: "Flash", Name: "warning", Show: Flash{Text: "这个时间刚被别人约走了，请另选一个。", Tone: Warn}},
		{Component: "DemoLine", Name: "plain", Show: DemoLine{}},
		{Component: "Foot", Name: "both", Show: Foot{Demo: true, Other: "/city/hangzhou"}},
	}
}

func consoleExamples() []Example {
	table := Table{
		Caption: "办件列表，按剩余时限从少到多",
		Columns: []Column{{Text: "服务 / 办件号"}, {Text: "申请人"}, {Text: "剩余时限", Sort: "ascending"}, {Text: "状态"}, {Text: "金额", Right: true}},
		Rows: []TableRow{
			{Cells: []Cell{{Text: "驾驶证期满换证", Href: "?id=1", Small: "K7QF 2M9D 0R4T 8VXA", Num: true}, {Text: "王*", Small: "昨天 16:22"}, {Body: Due{Text: "剩 3 小时", Share: 92, Tone: Danger}}, {Body: Tag{Text: "待审核", Tone: Warn}}, {Text: "¥10.00"}}},
			{On: true, Cells: []Cell{{Text: "轻微事故快速处理", Href: "?id=2"}, {Text: "陈*华"}, {Body: Due{Text: "剩 2 天", Share: 20}}, {Body: Tag{Text: "待受理"}}, {Text: "—"}}},
		},
	}
	examples := []Example{
		{Component: "DeskHead", Name: "with buttons", Show: DeskHead{Title: "办件", Sub: "5月26日 周二", Buttons: []DeskButton{{Text: "导出（要审批）", Tone: Line, Icon: "download", Href: "/x"}, {Text: "取下一件", Href: "/y"}}}},
		{Component: "DeskButton", Name: "tones", Show: Group(DeskButton{Text: "领取并定责"}, DeskButton{Text: "转给同事", Tone: Line}, DeskButton{Text: "发消息", Tone: Quiet}, DeskButton{Text: "停用", Tone: Danger, Name: "act", Value: "off", Spoken: "杭州交警"})},
		{Component: "DeskPost", Name: "retry", Show: DeskPost{Action: "/operator/parked/1/retry", Button: DeskButton{Text: "再试一次", Tone: Line}, Hidden: []Hidden{{"at", "7"}}}},
		{Component: "Tiles", Name: "four", Show: Tiles{Items: []TodoTile{{"快超期的办件", 3, "最早一件今天 17:30 到期", "/x", Danger}, {"等待受理", 12, "最长已等 1 天 4 小时", "/x", Warn}, {"没回复的对话", 7, "承诺 2 小时内回复", "/x", Plain}, {"差评要联系", 2, "1 个工作日内联系本人", "/x", Warn}}}},
		{Component: "TodoTile", Name: "plain", Show: TodoTile{Label: "停在途中的事件", N: 2, Note: "最早 10:32", Href: "/operator/parked"}},
		{Component: "Panel", Name: "titled", Show: Panel{Title: "服务排行", Note: "本月", More: Anchor{Text: "全部 11 项", Href: "/x"}}},
		{Component: "Table", Name: "cases", Show: table},
		{Component: "Table", Name: "empty", Show: Table{Caption: "停在途中的事件", Columns: []Column{{Text: "事件"}}}},
		{Component: "QueueTabs", Name: "states", Show: QueueTabs{Label: "办件状态", Items: []QueueTab{{"全部在办", "?", 54, true, false}, {"快超期", "?q=hot", 3, false, true}, {"已办结", "?q=done", -1, false, false}}}},
		{Component: "Due", Name: "tones", Show: Group(Due{Text: "剩 3 小时", Share: 92, Tone: Danger}, Due{Text: "剩 1 天", Share: 60, Tone: Warn}, Due{Text: "等申请人", Share: -1})},
		{Component: "Filter", Name: "bare", Show: Filter{Action: "/console/cases"}},
		{Component: "DeskInput", Name: "forms", Show: Group(DeskInput{Name: "user", Label: "用户名", Error: "请填用户名"}, DeskInput{Name: "password", Label: "密码", Kind: KindPassword}, DeskInput{Name: "totp", Label: "动态码", Kind: KindOTP, Hint: "手机里的 6 位数字"}, DeskInput{Name: "service", Label: "服务", Hide: true, Options: []Option{{Text: "全部服务"}}}, DeskInput{Name: "why", Label: "理由", Lines: 3}, DeskInput{Name: "k", Label: "办件号", Hide: true})},
		{Component: "DeskChoices", Name: "decision", Show: DeskChoices{Name: "decision", Label: "怎么定？", Error: "请选一项", Options: []Choice{{Value: "a", Title: "对方全责"}, {Value: "b", Title: "信息不够，请申请人补充"}}}},
		{Component: "KeyValues", Name: "facts", Show: KeyValues{Rows: []Row{{Key: "申请人", Value: "陈*华　138****5678"}, {Key: "时间", Value: "2026年5月25日 15:31"}}}},
		{Component: "Drawer", Name: "case", Show: Drawer{Label: "办件详情", Title: "轻微事故快速处理", Number: "K7QF 2M9D 0R4T 8VXA", Tag: Tag{Text: "待定责", Tone: Warn}, Due: Due{Text: "剩 4 小时，今天 17:48 到期", Share: -1, Tone: Danger}, Body: KeyValues{Rows: []Row{{Key: "申请人", Value: "陈*华"}}}, Foot: DeskButton{Text: "领取并定责"}}},
		{Component: "Pointed", Name: "a question", Show: Pointed{Pointer: Pointer{Ask: "place", Says: "短文字"}, At: Input{Name: "place", Label: "地点", Hint: "例如：文三路和学院路路口往东 50 米"}}},
		{Component: "Split", Name: "list and case", Show: Split{List: Panel{Flush: true}, Drawer: Drawer{Label: "办件详情", Title: "轻微事故快速处理"}}},
	}
	for i := range examples {
		examples[i].Wide = true
	}
	return examples
}
