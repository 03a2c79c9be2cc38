package config

import (
	"github.com/yardmaster/yardmaster/engine/core"
	"github.com/yardmaster/yardmaster/sla"
)

// keyDoc describes a key of the file, for editors and for messages.
type keyDoc struct {
	about   string
	choices []string // what a text may be; the first is the default
	example string   // the key with a value
	lasts   bool     // a text is a duration, with units
}

// keyDocs describes every key, by the noun of its mapping and its name.
var keyDocs = map[string]keyDoc{
	"desk.name":      {about: "The desk's name, for people.", example: "name: Support"},
	"desk.zone":      {about: "IANA time zone of the desk. Default UTC.", example: "zone: Europe/Rome"},
	"desk.calendar":  {about: "The calendar of the desk: promises count in it unless a policy, an organization or a group has another. Default: always open.", example: "calendar: office"},
	"desk.reopen":    {about: "Whether finished tickets come back, and where they go.", example: "reopen: {allow: solved}"},
	"desk.calendars": {about: "Opening hours by name.", example: "calendars: {office: {hours: {mon-fri: [\"09:00-18:00\"]}}}"},
	"desk.channels":  {about: "What a ticket of a channel weighs against an agent's capacity. Channels that are not here weigh 1.", example: "channels: {phone: {weight: 5}}"},
	"desk.skills":    {about: "The skills that agents have and tickets require.", example: "skills: [refunds, korean]"},
	"desk.groups":    {about: "The teams. A name stands for a group with that id.", example: "groups: [support, billing]"},
	"desk.agents":    {about: "The agents. One that a later configuration leaves out is removed; agents added by command stay.", example: "agents: [{id: anna, groups: [support]}]"},
	"desk.queues":    {about: "The waiting lines.", example: "queues: [{id: support, groups: [support]}]"},
	"desk.rules":     {about: "The routing rules, evaluated in order.", example: "rules: [{name: spam, when: '\"spam\" in tags', then: [{set: {status: closed}}]}]"},
	"desk.sla":       {about: "What the desk measures and promises.", example: "sla: {policies: [{name: everybody, targets: {first_reply: 4h}}]}"},

	"reopen.allow": {about: "Which tickets may be reopened.", choices: []string{"solved_and_closed", "solved", "never"}, example: "allow: solved"},
	"reopen.to":    {about: "Where a reopened ticket goes.", choices: []string{"previous_if_available", "queue"}, example: "to: queue"},

	"calendar.zone":       {about: "IANA time zone of the hours. Default UTC.", example: "zone: Europe/Rome"},
	"calendar.hours":      {about: "Opening hours: windows by day (mon), days (mon,wed) or range of days (mon-fri). Days that are not here are closed.", example: "hours: {mon-fri: [\"09:00-18:00\"]}"},
	"calendar.holidays":   {about: "Closed dates, of one year (2026-12-25) or of every year (12-25).", example: "holidays: [\"12-25\", \"2026-04-06\"]"},
	"calendar.breaks":     {about: "Windows by date that are cut out of whatever is open then.", example: "breaks: {\"2026-12-24\": [\"12:00-13:00\"]}"},
	"calendar.exceptions": {about: "Opening hours of single dates, instead of the regular ones. An empty list closes the date.", example: "exceptions: {\"2026-12-24\": [\"09:00-12:00\"]}"},
	"calendar.day":        {about: "Length of a business day, the unit bd of targets.", example: "day: 8h", lasts: true},
	"calendar.always":     {about: "Open around the clock. Such a calendar takes no hours, holidays, breaks or exceptions.", example: "always: true"},
	"calendar.full_day":   {about: "When a promise is due that fills the day.", choices: []string{sla.FullDayClosing, sla.FullDayNextOpening}, example: "full_day: next_opening"},

	"channel.weight": {about: "Units of capacity that a ticket of this channel takes. Default 1.", example: "weight: 5"},

	"group.id":       {about: "The group's name in this file and in commands.", example: "id: support"},
	"group.name":     {about: "The group's name, for people.", example: "name: First line"},
	"group.calendar": {about: "The group's own hours, for policies that name no calendar.", example: "calendar: night"},

	"agent.id":       {about: "The agent's name in this file and in commands.", example: "id: anna"},
	"agent.name":     {about: "The agent's name, for people.", example: "name: Anna Rossi"},
	"agent.groups":   {about: "The groups the agent is in.", example: "groups: [support, billing]"},
	"agent.skills":   {about: "The agent's skills with their levels, 1 to 10. A list of names gives each level 1.", example: "skills: {korean: 3}"},
	"agent.capacity": {about: "Units of work the agent holds at once. Default 10.", example: "capacity: 8"},
	"agent.presence": {about: "Whether a new agent takes work. Default offline.", example: "presence: online"},

	"queue.id":         {about: "The queue's name in this file and in commands.", example: "id: support"},
	"queue.order":      {about: "The key by which tickets stand in line.", choices: []string{"priority", "aged", "due", "slack"}, example: "order: due"},
	"queue.step":       {about: "Of the order aged: how much later each lower priority counts, a duration. Default 1h.", example: "step: 4h", lasts: true},
	"queue.expect":     {about: "Of the order slack: the expected handling time, a duration. Default 0s.", example: "expect: 20m", lasts: true},
	"queue.buckets":    {about: "Conditions in order: a ticket stands in the first that holds, else behind all. The order applies within a bucket.", example: "buckets: ['organization.tier == \"gold\"']"},
	"queue.rank":       {about: "Among queues, lower ranks are served first. Default 100.", example: "rank: 10"},
	"queue.groups":     {about: "The groups whose agents serve the queue.", example: "groups: [support]"},
	"queue.assign":     {about: "Whether tickets are pushed to agents, or agents take the next.", choices: []string{"push", "pull"}, example: "assign: pull"},
	"queue.offer":      {about: "How a pushed ticket reaches its agent.", example: "offer: {accept: auto}"},
	"queue.choose":     {about: "Which agent gets a ticket.", choices: []string{"least_loaded"}, example: "choose: least_loaded"},
	"queue.on_offline": {about: "What happens to the queue's work when its agent goes offline.", choices: []string{"keep", "requeue"}, example: "on_offline: requeue"},

	"offer.accept":           {about: "Whether agents accept an offer, or get the ticket at once.", choices: []string{"manual", "auto"}, example: "accept: auto"},
	"offer.expires":          {about: "How long an offer stands, a duration. Default 1m.", example: "expires: 90s", lasts: true},
	"offer.cool_down":        {about: "How long an agent who declined is not offered the ticket again, a duration. Default 5m.", example: "cool_down: 10m", lasts: true},
	"offer.readmit_after":    {about: "When everybody who could take a ticket has refused it: how long after a refusal it is offered again, a duration. Default 0s.", example: "readmit_after: 1m", lasts: true},
	"offer.timeouts_to_away": {about: "After how many expired offers in a row an agent is set away. 0 never. Default 3.", example: "timeouts_to_away: 0"},

	"rule.name": {about: "The rule's name, in explanations.", example: "name: refunds"},
	"rule.on":   {about: "What happens to a ticket that makes the rule look at it. Default: created and updated.", choices: core.Triggers(), example: "on: [created]"},
	"rule.when": {about: "The condition, an expression over the ticket. Left out, it always holds.", example: "when: subject contains \"refund\""},
	"rule.then": {about: "What is done, in order.", example: "then: [{route: billing}]"},
	"rule.stop": {about: "Later rules are not looked at when this one applies.", example: "stop: true"},

	"action.set":         {about: "Changes attributes of the ticket.", example: "set: {priority: high}"},
	"action.add_tags":    {about: "Adds tags.", example: "add_tags: [refund]"},
	"action.remove_tags": {about: "Removes tags.", example: "remove_tags: [refund]"},
	"action.require":     {about: "Asks for a skill. A name stands for that skill at level 1.", example: "require: {skill: korean, level: 3}"},
	"action.route":       {about: "Puts the ticket in a queue.", example: "route: billing"},
	"action.escalate":    {about: "Tells, as an event, that the ticket is escalated: a level or a reason.", example: "escalate: team lead"},
	"action.notify":      {about: "Tells a channel about the ticket.", example: "notify: {channel: ops, text: A gold customer waits}"},
	"action.reject":      {about: "Refuses a ticket that is being created, with these words.", example: "reject: This address takes no mail"},

	"set.priority": {about: "urgent, high, normal, low, or a number from 1 (most urgent) to 9.", example: "priority: high"},
	"set.status":   {about: "The ticket's status.", example: "status: pending"},
	"set.type":     {about: "The ticket's type; an empty text clears it.", example: "type: incident"},
	"set.language": {about: "The ticket's language; an empty text clears it.", example: "language: ko"},
	"set.group":    {about: "The group in charge; an empty text clears it.", example: "group: billing"},
	"set.queue":    {about: "The queue to wait in; an empty text clears it.", example: "queue: billing"},
	"set.assignee": {about: "The agent in charge, whatever the load; an empty text clears it.", example: "assignee: anna"},
	"set.fields":   {about: "Custom fields: a text, a number, true, false, a list of texts, or nothing to remove it.", example: "fields: {product: checkout}"},

	"require.skill": {about: "The skill.", example: "skill: korean"},
	"require.level": {about: "The least level, 1 to 10. Default 1.", example: "level: 3"},

	"notify.channel": {about: "Who is told: a name that the receiver of events knows.", example: "channel: ops"},
	"notify.text":    {about: "The words.", example: "text: A gold customer waits"},

	"sla.metrics":  {about: "What is measured on every ticket. A name stands for that preset: first_reply, next_reply, requester_wait, agent_work, resolution, time_to_assign. Default: first_reply and resolution.", example: "metrics: [first_reply, resolution]"},
	"sla.policies": {about: "The promises. Those with a condition are tried in order; only if none holds, the first without one.", example: "policies: [{name: everybody, targets: {first_reply: 4h}}]"},

	"metric.name":      {about: "The metric's name. One of a preset's name takes from the preset what it leaves out.", example: "name: first_reply"},
	"metric.start":     {about: "The condition that starts it.", example: "start: event == \"created\""},
	"metric.pause":     {about: "The condition while which it is paused.", example: "pause: status == \"pending\""},
	"metric.stop":      {about: "The condition that ends it.", example: "stop: status == \"solved\""},
	"metric.reset":     {about: "The condition that sets it back to zero.", example: "reset: group_changed"},
	"metric.cancel":    {about: "The condition that ends it without a verdict.", example: "cancel: status == \"closed\""},
	"metric.repeat":    {about: "Whether it may start again at once when it ends.", example: "repeat: true"},
	"metric.on_reopen": {about: "What a reopened ticket does to it.", choices: []string{sla.ReopenResume, sla.ReopenNewCycle, sla.ReopenIgnore}, example: "on_reopen: ignore"},

	"policy.name":      {about: "The policy's name.", example: "name: gold"},
	"policy.when":      {about: "The tickets that it is for, an expression. Left out: all for which no other policy is.", example: "when: organization.tier == \"gold\""},
	"policy.calendar":  {about: "The calendar in which its targets count. Default: the organization's, else the group's, else the desk's.", example: "calendar: office"},
	"policy.on_change": {about: "What a changed target does to a countdown under way.", choices: []string{sla.ChangeCarry, sla.ChangeRestart, sla.ChangeKeep}, example: "on_change: restart"},
	"policy.targets":   {about: "Amounts of time by metric and priority (urgent, high, normal, low, 1 to 9, any); one amount is for all. Units: 1h30m of open time, 2bd business days, 3wd working days, 30d calendar days.", example: "targets: {first_reply: {urgent: 1h, any: 4h}, resolution: 2bd}"},
}

// docAt finds the description of the key at a path.
func docAt(path []any) (keyDoc, bool) {
	if len(path) == 0 {
		return keyDoc{}, false
	}
	t, ok := typeAt(path[:len(path)-1])
	key, isKey := path[len(path)-1].(string)
	if !ok || !isKey {
		return keyDoc{}, false
	}
	doc, ok := keyDocs[nouns[t]+"."+key]
	return doc, ok
}
