package browser_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"zhijian/server"
	"zhijian/testkit/house"
	"zhijian/testkit/platform"
)

// TestWechatPages binds a WeChat in every look: what it will be allowed, the number to write, and the list it stands in afterwards.
func TestWechatPages(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "wechat.yaml")
	if err := os.WriteFile(path, []byte("accounts:\n  hzjj: {id: gh_0123456789ab, appid: wxapp0123456789ab, token: tok, mode: plain}\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	h := house.OpenSet(t, "", "", func(c *server.DemoConfig) { c.Wechat = path })
	at := platform.New(h.Ready.BaseURL+"/wechat/hzjj", "plain", h.Clock.Now)
	reply, err := at.Text(t.Context(), "oPAGES", "交罚款")
	if err != nil {
		t.Fatal(err)
	}
	a, w := newAlbum(t), newWindow(t, h)
	w.withAxe()
	w.enter(h.Resident(t, "L4", 0))
	w.must(strings.TrimPrefix(reply.Link(), h.Ready.BaseURL))
	w.reads("把这个微信号接到我名下")
	a.take(w, "wechat-1-allow")
	w.press("接到我名下")
	w.reads("六位数字")
	a.take(w, "wechat-2-number")
	if _, err := at.Text(t.Context(), "oPAGES", ask[string](w, `document.getElementById("number").textContent`)); err != nil {
		t.Fatal(err)
	}
	w.must("/me/sessions")
	w.reads("接到您名下的微信")
	a.take(w, "wechat-3-listed")
	w.must("/me/sessions?left=1") // as after signing all other devices out
	w.reads("微信不是设备，还接在您名下")
	a.take(w, "wechat-4-stays")
	w.press("解除接到我名下的微信")
	w.reads("已解除")
}
