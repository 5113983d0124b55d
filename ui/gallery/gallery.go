// Package gallery shows every component with its examples, and the pages of the mock-ups made of them, so that one can
// look at them, in light, dark and elder form, and so that tests can.
//
// `zhijian gallery` serves it. Everything in it is invented.
package gallery

import (
	"github.com/a-h/templ"

	"zhijian/ui/component"
	"zhijian/ui/layout"
)

// Look is how a page of the gallery is shown.
type Look struct {
	Theme string // "", "light", "dark"
	Elder bool
	Lang  string // "zh", "en"
	// Inline puts the style sheet into the page.
	Inline bool
}

// Sheet is one page of the gallery.
type Sheet struct {
	// Name is the mock-up it answers to, "fine-2-list".
	Name string
	// Wide is a desk page.
	Wide bool
	// Show is the page.
	Show templ.Component
}

// Sheets are the pages, in the look asked for.
func Sheets(assets layout.Assets, look Look) []Sheet {
	p := layout.Page{Lang: look.Lang, Theme: look.Theme, Elder: look.Elder, Inline: look.Inline, Assets: assets, Home: "/city/hangzhou", City: "杭州", Unread: 3, Demo: true, Token: "example"}
	flow := p
	flow.City = ""
	flow.Title = "交通违法查询与缴款"
	tabbed := func(title, tab string) layout.Page {
		t := p
		t.Title, t.Tab = title, tab
		return t
	}
	titled := func(title string) layout.Page {
		t := flow
		t.Title = title
		return t
	}
	failed := flow
	failed.Failed = true
	old := tabbed("首页", "home")
	old.Elder = true
	return []Sheet{
		{"citizen-home", false, home(tabbed("首页", "home"))},
		{"citizen-home-elder", false, elder(old)},
		{"citizen-city", false, city(titled("选择城市"))},
		{"service-list", false, services(tabbed("全部服务", "services"))},
		{"search", false, search(tabbed("“违章”的搜索结果", "services"))},
		{"fine-1-query", false, fineQuery(flow)},
		{"fine-1-error", false, fineError(failed)},
		{"fine-2-list", false, fineList(flow)},
		{"fine-3-check", false, fineCheck(flow)},
		{"fine-4-done", false, fineDone(flow)},
		{"hospital-1-slots", false, slots(titled("湖滨医院 · 预约挂号"))},
		{"hospital-2-done", false, booked(titled("湖滨医院 · 预约挂号"))},
		{"case-tracking", false, tracking(titled("办件进度"))},
		{"rate", false, rate(titled("评价"))},
		{"verify", false, verify(titled("实名认证"))},
		{"states", false, states(titled("我的办件"))},
		{"account-profile", false, profile(titled("杭州交警"))},
		{"account-chat", false, chat(titled("和杭州交警的对话"))},
		{"console-cases", true, deskCases(desk(assets, look, "办件"))},
		{"console-dashboard", true, dashboard(desk(assets, look, "工作台"))},
		{"console-login", true, deskLogin(desk(assets, look, "登录"))},
	}
}

func desk(assets layout.Assets, look Look, at string) layout.Desk {
	d := layout.Desk{
		Lang: look.Lang, Theme: look.Theme, Title: at, Home: "/console", Assets: assets, Token: "example", Demo: true,
		Avatar: component.Avatar{Char: "警", Tone: "b"}, Org: "杭州交警", OrgNote: "服务号 · 已认证", Switch: "/console/accounts",
		Crumbs: []component.Anchor{{Text: at}}, User: "周*", Role: "审核岗", Out: "/console/logout", List: at == "办件",
		Groups: []layout.NavGroup{
			{Items: []layout.NavItem{{Text: "工作台", Icon: "house", Href: "#"}, {Text: "办件", Icon: "inbox", Href: "#", N: 54, Hot: true}, {Text: "预约", Icon: "calendar-days", Href: "#"}, {Text: "对话", Icon: "message-circle", Href: "#", N: 7}}},
			{Title: "内容与服务", Items: []layout.NavItem{{Text: "文章与群发", Icon: "newspaper", Href: "#"}, {Text: "自定义菜单", Icon: "menu", Href: "#"}, {Text: "服务设计", Icon: "layout-grid", Href: "#"}}},
			{Title: "账号", Items: []layout.NavItem{{Text: "统计", Icon: "chart-line", Href: "#"}, {Text: "成员与权限", Icon: "users", Href: "#"}, {Text: "操作记录", Icon: "history", Href: "#"}}},
		},
	}
	for i := range d.Groups[0].Items {
		d.Groups[0].Items[i].On = d.Groups[0].Items[i].Text == at
	}
	return d
}

func fields() []component.GridItem {
	return []component.GridItem{
		{Icon: "shield", Text: "公安户政", Href: "#"},
		{Icon: "car", Text: "交通违法", Href: "#"},
		{Icon: "stethoscope", Text: "看病就医", Href: "#"},
		{Icon: "users", Text: "社保就业", Href: "#"},
		{Icon: "graduation-cap", Text: "教育", Href: "#"},
		{Icon: "house", Text: "住房", Href: "#"},
		{Icon: "bus", Text: "交通出行", Href: "#"},
		{Icon: "receipt-text", Text: "税务", Href: "#"},
		{Icon: "zap", Text: "水电燃气", Href: "#"},
		{Icon: "plane", Text: "出入境", Href: "#"},
		{Icon: "cloud-sun", Text: "气象预警", Href: "#"},
		{Icon: "layout-grid", Text: "全部 27 类", Href: "#"},
	}
}

func groups() []component.Anchor {
	var list []component.Anchor
	for _, name := range []string{"我常用的", "公安户政", "交通违法", "看病就医", "社保就业", "教育", "住房", "交通出行", "税务", "水电燃气", "出入境", "民政", "气象", "文体旅游"} {
		list = append(list, component.Anchor{Text: name, Href: "#", On: name == "交通违法"})
	}
	return list
}

func deskRows() []component.TableRow {
	row := func(title, no, who, when, left string, share int, tone component.Tone, state component.Tag, clerk string) component.TableRow {
		return component.TableRow{Cells: []component.Cell{
			{Text: title, Href: "#", Small: no, Num: true},
			{Text: who, Small: when},
			{Body: component.Due{Text: left, Share: share, Tone: tone}},
			{Body: state},
			{Text: clerk},
		}}
	}
	rows := []component.TableRow{
		row("驾驶证期满换证", "K7QF 2M9D 0R4T 8VXA", "王*", "昨天 16:22", "剩 3 小时", 92, component.Danger, component.Tag{Text: "待审核", Tone: component.Warn}, "周*"),
		row("轻微事故快速处理", "M2QF 7H9D 1R4T 8VXB", "陈*华", "昨天 15:48", "剩 4 小时", 88, component.Danger, component.Tag{Text: "待定责", Tone: component.Warn}, "—"),
		row("车辆六年免检", "P7QF 2M9D 0R4T 5VXC", "赵*琴", "5月24日", "剩 1 天", 60, component.Warn, component.Tag{Text: "已补材料", Tone: component.Info}, "林*"),
		row("驾驶证期满换证", "Q7QF 2M9D 0R4T 6VXD", "孙*明", "今天 9:31", "剩 2 天", 20, component.Plain, component.Tag{Text: "待受理"}, "—"),
		row("处罚异议申请", "R7QF 2M9D 0R4T 7VXE", "郑*林", "5月23日", "等申请人", -1, component.Plain, component.Tag{Text: "待补正", Tone: component.Info}, "林*"),
	}
	rows[1].On = true
	return rows
}

func frameOf(assets layout.Assets, look Look, title string) layout.Page {
	return layout.Page{Lang: look.Lang, Theme: look.Theme, Elder: look.Elder, Inline: look.Inline, Assets: assets, Title: title, Token: "example"}
}
