/** Subjects by which machines are known (RFC 3834 §3.1.5 has them say so in words, and each program in its own language). */

/** Without accents and case, cut: how subjects are compared. */
export const plainSubject = (subject: string): string =>
  subject.slice(0, 200).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().trim();

/** People write such subjects too; a responder has other signs. */
export const isResponderSubject = (subject = ''): boolean => RESPONDER.test(plainSubject(subject));

export const mayBeMachineSubject = (subject = ''): boolean => MAYBE.test(plainSubject(subject));

/** As programs write them in other languages, each compared like a subject; none holds a sign of regular expressions. */
const ELSEWHERE = [
  // German, Dutch
  ...[
    'Automatische Antwort',
    'Automatische Rückantwort',
    'Automatische Nachricht',
    'Automatische E-Mail-Antwort',
  ],
  ...[
    'Abwesenheitsnotiz',
    'Abwesenheitsnachricht',
    'Abwesenheitsmeldung',
    'Abwesenheitsassistent',
    'Abwesenheit',
  ],
  ...['Abwesenheitsbenachrichtigung', 'Nicht im Büro', 'Außer Haus', 'Urlaubsvertretung', 'Autoantwort'],
  ...['Automatisch antwoord', 'Automatisch bericht', 'Automatische reactie', 'Afwezigheidsmelding'],
  ...['Afwezigheidsbericht', 'Afwezigheidsassistent', 'Niet op kantoor', 'Niet aanwezig', 'Afwezig'],
  // French, Italian, Catalan, Spanish, Romanian
  ...[
    'Réponse automatique',
    'Message automatique',
    "Réponse d'absence",
    "Message d'absence",
    "Avis d'absence",
  ],
  ...[
    'Réponse d’absence',
    'Message d’absence',
    'Avis d’absence',
    'Notification d’absence',
    "Notification d'absence",
  ],
  ...['Absence du bureau', 'Absent du bureau', 'Absente du bureau', 'En dehors du bureau', 'Hors du bureau'],
  ...[
    'Risposta automatica',
    'Messaggio automatico',
    'Risponditore automatico',
    'Fuori sede',
    'Fuori ufficio',
  ],
  ...[
    "Fuori dall'ufficio",
    'Fuori dall’ufficio',
    "Assenza dall'ufficio",
    'Assenza dall’ufficio',
    'Avviso di assenza',
  ],
  ...[
    'Mensaje automático',
    'Contestación automática',
    'Respuesta de ausencia',
    'Fora de l’oficina',
    "Fora de l'oficina",
  ],
  ...['Missatge automàtic', 'Răspuns automat', 'Mesaj automat', 'Absent din birou'],
  // Danish, Norwegian, Swedish, Finnish, Icelandic, Estonian
  ...[
    'Automatisk svar',
    'Automatiskt svar',
    'Autosvar',
    'Automatisk besvarelse',
    'Fraværsmeddelelse',
    'Fraværsbesked',
  ],
  ...[
    'Fraværsmelding',
    'Fravær',
    'Frånvaromeddelande',
    'Frånvaro',
    'Ikke til stede',
    'Ikke på kontoret',
    'Ej på kontoret',
  ],
  ...[
    'Automaattinen vastaus',
    'Automaattivastaus',
    'Poissaoloilmoitus',
    'Poissaoloviesti',
    'Poissa toimistosta',
  ],
  ...['Sjálfvirkt svar', 'Automaatne vastus', 'Automaatvastus', 'Kontorist väljas'],
  // Polish, Czech, Slovak, Hungarian, Croatian, Slovenian, Latvian, Lithuanian, Albanian
  ...[
    'Odpowiedź automatyczna',
    'Automatyczna odpowiedź',
    'Autoodpowiedź',
    'Poza biurem',
    'Nieobecność w biurze',
  ],
  ...['Automatická odpověď', 'Automatická odpoveď', 'Mimo kancelář', 'Mimo kancelárie', 'Nepřítomnost'],
  ...[
    'Automatikus válasz',
    'Automatikus üzenet',
    'Házon kívül',
    'Irodán kívül',
    'Automatski odgovor',
    'Odsutan',
  ],
  ...[
    'Samodejni odgovor',
    'Odsotnost',
    'Automātiska atbilde',
    'Automātiskā atbilde',
    'Automatinis atsakymas',
  ],
  ...['Përgjigje automatike'],
  // Russian, Ukrainian, Belarusian, Bulgarian, Serbian, Greek
  ...['Автоответ', 'Автоответчик', 'Автоматический ответ', 'Автоматическое уведомление', 'Вне офиса'],
  ...[
    'Нет на работе',
    'Отсутствие на рабочем месте',
    'Автовідповідь',
    'Автоматична відповідь',
    'Поза офісом',
  ],
  ...['Аўтаматычны адказ', 'Автоматичен отговор', 'Извън офиса', 'Аутоматски одговор', 'Аутоматски одзив'],
  ...['Αυτόματη απάντηση', 'Εκτός γραφείου'],
  // Turkish, Arabic, Hebrew, Persian, Hindi
  ...['Otomatik yanıt', 'Otomatik yanit', 'Otomatik cevap', 'Ofis dışında', 'İş yeri dışında'],
  ...[
    'رد تلقائي',
    'الرد التلقائي',
    'خارج المكتب',
    'תשובה אוטומטית',
    'מענה אוטומטי',
    'מחוץ למשרד',
    'پاسخ خودکار',
  ],
  ...['स्वचालित उत्तर', 'स्वतः उत्तर'],
  // Chinese, Japanese, Korean, Vietnamese, Indonesian, Malay, Thai
  ...['自动答复', '自动回复', '自動答覆', '自動回覆', '自動回復', '不在办公室', '不在辦公室', '外出自动答复'],
  ...[
    '自動応答',
    '自動返信',
    '自動回答',
    '不在通知',
    '不在のお知らせ',
    '자동 회신',
    '자동회신',
    '자동 응답',
    '자동응답',
    '부재중',
  ],
  ...['Trả lời tự động', 'Thư trả lời tự động', 'Balasan otomatis', 'Jawaban otomatis', 'Balasan automatik'],
  ...['ตอบกลับอัตโนมัติ', 'การตอบกลับอัตโนมัติ'],
].map(plainSubject);

/** What responders of Outlook, Gmail, Zimbra and phones put first; a person who answers one puts `Re:` before it. */
const PHRASES = [
  'resposta automatica',
  'resposta de (?:ausencia|ferias)',
  '(?:aviso|mensagem|notificacao) (?:automatic[ao]|de (?:ausencia|ferias))',
  '(?:estou )?(?:fora do escritorio|ausente do escritorio|de ferias)',
  'ausencia (?:temporaria|do escritorio)',
  'auto(?:matic)?[ -]?(?:reply|response|responder)',
  'automated (?:reply|response)',
  'out[ -]of[ -](?:the[ -])?office(?: (?:auto[ -]?|automatic )?(?:reply|response|message|notification|notice))?',
  'vacation (?:reply|response|message|notice)',
  'respuesta automatica',
  'fuera de (?:la )?oficina',
  'aviso de (?:ausencia|vacaciones)',
  ...ELSEWHERE,
].join('|');
// `[自动回复] Re: …`, or the phrase and a mark behind it.
const RESPONDER = new RegExp(
  `^(?:[[【](?:${PHRASES})[\\]】]|(?:${PHRASES})(?:\\s*(?:[:：\\-–—(]|$)|\\s(?:re|res|enc|aw|sv|antw|odp|ynt|vs|rv|tr)\\s*:))`,
);

/** What people may well write, and machines write more often. */
const MAYBE = new RegExp(
  `^(?:${[
    '(?:estou )?(?:em|de) ferias (?:ate|de|entre) \\d',
    'auto[ -]?resposta\\b',
    'confirmacao (?:automatica )?de (?:recebimento|leitura|entrega)',
    'recebemos (?:[oa] )?(?:seu|sua) (?:solicitacao|mensagem|e-?mail|contato|pedido|chamado)',
    '(?:auto|lid[ao]|read|entregue|delivered|nao (?:entregue|lid[ao])|not read)\\s*:',
    'nao e possivel entregar',
    'undeliver(?:able|ed)',
  ].join('|')})|[-–—]\\s*(?:resposta automatica|automatic reply|${ELSEWHERE.join('|')})$`,
);
