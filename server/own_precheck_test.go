package server_test

import (
	"net/http"
	"testing"

	"zhijian/testkit/house"
)

// TestOwnPrecheck: a clerk adds to a service what is told beforehand, with its rule and examples, a colleague reads what changed, and a stranger
// is told whether they may.
func TestOwnPrecheck(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		clerk, second := visitor(t, h), visitor(t, h)
		clerk.staffIn("traffic-police")
		at := clerk.begins("application", "通行证申请", "pass")
		clerk.based(at)
		const page = "?page=-precheck"
		clerk.open(at + page)
		clerk.reads("我能不能办", "可以不做")
		clerk.into("/page", map[string]string{"_do": "begin"})
		clerk.status(http.StatusOK)
		clerk.reads("1. 不住在本市，不能办。", "住在本市", "要改好才能提交") // no law is named, for the service names none

		clerk.open(at + page + "&ask=rule-1")
		clerk.into("/question", map[string]string{
			"rule_if": "local == 'no' && years < 1", "rule_not": "住满一年才能办。", "rule_law": "道路交通安全法", "rule_article": "39", "_do": "save",
		})
		clerk.status(http.StatusOK)
		clerk.open(at + page)
		clerk.into("/page", map[string]string{"_do": "ask"})
		clerk.reads("question_1", "新问题")
		clerk.open(at + page + "&ask=rule-1")
		clerk.into("/question", map[string]string{"rule_if": "local == 'no' && question_1 < 1", "_do": "save"})
		clerk.open(at + page)
		clerk.into("/page", map[string]string{"examples": "local", "_do": "save"})
		clerk.status(http.StatusUnprocessableEntity)
		clerk.reads("第 1 个例子请写成")
		clerk.open(at + page)
		clerk.into("/page", map[string]string{"examples": "local=yes，question_1=0\nlocal=no, question_1=1\nlocal=no、question_1=0 → 1", "_do": "save"})
		clerk.status(http.StatusOK)
		clerk.reads("local=no, question_1=0 => 1")
		clerk.into("/state", map[string]string{"what": "submit", "reason": "先问一问"})
		clerk.status(http.StatusOK)

		second.staffIn("traffic-police-2")
		second.open(at)
		second.into("/state", map[string]string{"what": "release", "reason": "看过了"})
		second.status(http.StatusOK)

		anybody := visitor(t, h)
		anybody.until("/city/hangzhou/services/own-pass", "我能不能办")
		anybody.open("/city/hangzhou/services/own-pass/check")
		anybody.reads("住在本市", "新问题")
		anybody.into("/check", map[string]string{"local": "no", "question_1": "0"})
		anybody.reads("住满一年才能办", "道路交通安全法")
		anybody.open("/city/hangzhou/services/own-pass/check")
		anybody.into("/check", map[string]string{"local": "no", "question_1": "3"})
		anybody.reads("可以办")

		// A single question stands there in its own words, and what changed is told to a colleague.
		clerk.open(at + page + "&ask=rule-1")
		clerk.into("/question", map[string]string{"rule_if": "local == 'no'", "_do": "save"})
		clerk.open(at + page + "&ask=question_1")
		clerk.into("/question", map[string]string{"_do": "remove"})
		clerk.open(at + page)
		clerk.into("/page", map[string]string{"examples": "local=yes\nlocal=no => 1", "_do": "save"})
		clerk.into("/state", map[string]string{"what": "submit", "reason": "只问一个"})
		second.open("/console")
		second.reads("服务等您审批")
		second.open(at + "/versions")
		second.reads("规则“住满一年才能办。”什么时候不能办，条件改了")
		second.open(at)
		second.into("/state", map[string]string{"what": "release", "reason": "看过了"})
		second.status(http.StatusOK)
		anybody.until("/city/hangzhou/services/own-pass/check", "您住在本市吗")
		anybody.lacks("新问题")
	})
}
