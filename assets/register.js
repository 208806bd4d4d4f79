// The register on a telephone: each tap is sent at once. Without a connection taps are kept on the device, in
// their order, and sent as soon as there is one; each has a name of its own, so that none is taken twice.
const NEXT_TRY = 5000

export function keepRegister() {
  const list = document.getElementById('register')
  if (!list) return
  const key = `register ${window.location.pathname}`
  const kept = () => JSON.parse(localStorage.getItem(key) || '[]')
  const keep = (taps) => localStorage.setItem(key, JSON.stringify(taps))
  let sending = false

  const say = (person, words) => {
    const state = document.querySelector(`#person-${person} [data-state]`)
    if (state) state.textContent = words
  }
  const showWaiting = (isOffline) => {
    const taps = kept()
    const banner = document.getElementById('register-waiting')
    banner.hidden = !(isOffline && taps.length)
    banner.querySelector('[data-waiting]').textContent = taps.length === 1 ? '1 mark is' : `${taps.length} marks are`
  }
  const put = (tap, answer) => {
    const { person } = tap
    if (new URLSearchParams(tap.fields).get('day') !== list.dataset.day) return // kept while another day was open
    const row = document.getElementById(`person-${person}`)
    document.getElementById('register-count').textContent = answer.count
    if (!row) return
    const focused = row.contains(document.activeElement) ? document.activeElement.value : null
    row.insertAdjacentHTML('afterend', answer.row)
    row.remove()
    if (focused) document.querySelector(`#person-${person} button[value="${focused}"]`)?.focus()
  }

  async function send() {
    if (sending) return
    sending = true
    try {
      for (let taps = kept(); taps.length; taps = kept()) {
        const [first] = taps
        const body = new URLSearchParams(first.fields)
        body.set('csrf_token', document.querySelector('[name="csrf_token"]').value)
        const answer = await fetch(first.action, { method: 'POST', body, headers: { Accept: 'application/json' } })
        const isOurs = (answer.headers.get('Content-Type') || '').startsWith('application/json')
        if (!isOurs) { // signed out meanwhile, or a failure of ours: nothing is lost, the tap stays kept
          say(first.person, answer.redirected ? 'Kept on this device. Sign in again to send it' : 'Kept on this device, not sent yet')
          throw new Error('not taken')
        }
        const said = await answer.json()
        keep(kept().slice(1))
        if (answer.ok) put(first, said)
        else say(first.person, said.error)
      }
      showWaiting(false)
    } catch {
      showWaiting(true)
      setTimeout(send, NEXT_TRY)
    } finally {
      sending = false
    }
  }

  document.addEventListener('submit', (event) => {
    const form = event.target.closest('[data-register-mark]')
    if (!form || !event.submitter) return
    event.preventDefault()
    const fields = new FormData(form, event.submitter)
    fields.delete('csrf_token')
    fields.set('tap', `${Date.now()}-${Math.random().toString(36).slice(2)}`)
    const person = fields.get('person')
    keep([...kept(), { person, action: form.action, fields: [...fields] }])
    say(person, 'Saving')
    send()
  })
  window.addEventListener('online', send)
  if (kept().length) send()
}

// The code of the day: the next one takes its place when it comes up.
export function renewCode() {
  const code = document.getElementById('code-of-the-day')
  if (!code) return
  const wait = Math.max(1000, Math.min(60000, Date.parse(code.dataset.codeEnds) - Date.parse(code.dataset.codeAt)))
  setTimeout(async () => {
    try {
      const answer = await fetch(window.location.href)
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      const next = page.getElementById('code-of-the-day')
      if (next) code.replaceWith(document.adoptNode(next))
      else if (answer.ok) window.location.reload()
    } catch { // no connection: the page stays as it is, and tries again
      code.dataset.codeAt = new Date(Date.parse(code.dataset.codeEnds) - 5000).toISOString()
    }
    renewCode()
  }, wait + 500)
}
