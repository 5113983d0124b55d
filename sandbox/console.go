package sandbox

import (
	"encoding/json"
	"net/http"
	"strings"

	"zhijian/sandbox/pages"
)

// console serves the page that switches offices, and POST /switch for programs.
func (w *World) console() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(rw http.ResponseWriter, _ *http.Request) {
		pages.Show(rw, http.StatusOK, "console.html", w.overview())
	})
	mux.HandleFunc("GET /sandbox.css", pages.CSS)
	mux.HandleFunc("POST /switch", w.turn)
	return http.NewCrossOriginProtection().Handler(mux)
}

type consoleRow struct {
	Name, Title, URL string
	Mode             Mode
	Modes            []Mode
	Magic            []magic
}

func (w *World) overview() []consoleRow {
	titles := map[string]string{SMS: "短信通道（演示）", Pay: "支付通道（演示）"}
	extra := map[string][]magic{
		SMS: {{"手机号末四位 0000", "短信发不出去"}},
		Pay: paymentMagic(),
	}
	var rows []consoleRow
	for _, s := range w.servers {
		if s.name == Console || s.name == Street {
			continue
		}
		row := consoleRow{Name: s.name, Title: titles[s.name], URL: w.urls[s.name], Mode: s.gate.now(), Modes: Modes(), Magic: extra[s.name]}
		if o := w.office(s.name); o != nil {
			row.Title, row.Magic = o.title, o.magic
		}
		rows = append(rows, row)
	}
	return rows
}

func paymentMagic() []magic {
	return []magic{
		{"金额末两位 01 分", "银行拒绝付款"},
		{"金额末两位 02 分", "付款成功，但通知永远不来"},
		{"金额末两位 03 分", "付款成功，通知同时来三次"},
		{"金额末两位 04 分", "第一次退款请求失败"},
		{"金额末两位 05 分", "退款前两次查询仍在处理中"},
		{"金额末两位 06 分", "第一次退款异常，须由人处理"},
		{"金额末两位 07 分", "第一次退款被通道关闭，换一个退款单号可以再退"},
		{"金额末两位 08 分", "同一订单付了两次，各有一个交易号"},
		{"金额末两位 09 分", "通知里的金额比实际多 1 元"},
	}
}

// turn switches one office, or all with "*". A form is answered with the page, JSON with JSON.
func (w *World) turn(rw http.ResponseWriter, r *http.Request) {
	var in struct {
		Office string `json:"office"`
		Mode   Mode   `json:"mode"`
	}
	r.Body = http.MaxBytesReader(rw, r.Body, 4<<10)
	asJSON := strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
	if asJSON {
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			writeJSON(rw, http.StatusBadRequest, data{"error": "需要 office 和 mode"})
			return
		}
	} else {
		in.Office, in.Mode = r.PostFormValue("office"), Mode(r.PostFormValue("mode"))
	}
	if !w.Switch(in.Office, in.Mode) {
		writeJSON(rw, http.StatusUnprocessableEntity, data{"error": "没有这个部门或这种状态"})
		return
	}
	if asJSON {
		writeJSON(rw, http.StatusOK, in)
		return
	}
	http.Redirect(rw, r, "/", http.StatusSeeOther)
}

// Switch sets how an office behaves from the next request on; "*" is every office. It reports
// false for an unknown office or mode.
func (w *World) Switch(office string, mode Mode) bool {
	done := false
	for _, s := range w.servers {
		if s.name != Console && (s.name == office || office == "*") {
			if !s.gate.set(mode) {
				return false
			}
			done = true
		}
	}
	return done
}
