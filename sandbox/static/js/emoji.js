// Short codes to characters: the ones apps use most. Unknown codes stay as they are written, as in Slack.

const TABLE = `
  +1 👍 thumbsup 👍 -1 👎 thumbsdown 👎 ok_hand 👌 wave 👋 clap 👏 raised_hands 🙌 pray 🙏 muscle 💪 handshake 🤝
  point_right 👉 point_left 👈 point_up ☝️ point_down 👇 raised_hand ✋ hand ✋ v ✌️ crossed_fingers 🤞
  writing_hand ✍️ palms_up_together 🤲 smile 😄 smiley 😃 grinning 😀 grin 😁 joy 😂 blush 😊 slightly_smiling_face 🙂
  wink 😉 sunglasses 😎 thinking_face 🤔 neutral_face 😐 sweat_smile 😅 cry 😢 sob 😭 scream 😱 tired_face 😫 sleeping 😴
  zzz 💤 disappointed 😞 worried 😟 slightly_frowning_face 🙁 eyes 👀 robot_face 🤖 partying_face 🥳
  face_with_thermometer 🤒 saluting_face 🫡 star-struck 🤩 shushing_face 🤫 heart ❤️ broken_heart 💔 fire 🔥 boom 💥
  sparkles ✨ star ⭐ star2 🌟 tada 🎉 confetti_ball 🎊 balloon 🎈 gift 🎁 trophy 🏆 first_place_medal 🥇
  second_place_medal 🥈 third_place_medal 🥉 medal 🎖️ sports_medal 🏅 dart 🎯 100 💯 zap ⚡ rocket 🚀 crown 👑 gem 💎
  bulb 💡 key 🔑 seedling 🌱 sunrise 🌅 sunny ☀️ crescent_moon 🌙 rainbow 🌈 snowflake ❄️ cloud ☁️ umbrella ☔
  palm_tree 🌴 beach_with_umbrella 🏖️ airplane ✈️ car 🚗 house 🏠 office 🏢 hospital 🏥 factory 🏭 truck 🚚 package 📦
  coffee ☕ pizza 🍕 beer 🍺 beers 🍻 champagne 🍾 white_check_mark ✅ heavy_check_mark ✔️ ballot_box_with_check ☑️
  x ❌ negative_squared_cross_mark ❎ heavy_multiplication_x ✖️ warning ⚠️ exclamation ❗ bangbang ‼️ question ❓
  grey_question ❔ no_entry ⛔ no_entry_sign 🚫 octagonal_sign 🛑 stop_sign 🛑 rotating_light 🚨 sos 🆘 new 🆕 ok 🆗
  cool 🆒 free 🆓 information_source ℹ️ heavy_plus_sign ➕ heavy_minus_sign ➖ recycle ♻️ infinity ♾️ white_circle ⚪
  black_circle ⚫ red_circle 🔴 large_blue_circle 🔵 large_green_circle 🟢 large_yellow_circle 🟡
  large_orange_circle 🟠 large_purple_circle 🟣 large_brown_circle 🟤 large_red_square 🟥 large_green_square 🟩
  large_yellow_square 🟨 large_orange_square 🟧 large_blue_square 🟦 white_large_square ⬜ black_large_square ⬛
  small_blue_diamond 🔹 small_orange_diamond 🔸 large_blue_diamond 🔷 small_red_triangle 🔺
  small_red_triangle_down 🔻 arrow_right ➡️ arrow_left ⬅️ arrow_up ⬆️ arrow_down ⬇️ arrow_upper_right ↗️
  arrow_lower_right ↘️ arrows_counterclockwise 🔄 arrows_clockwise 🔃 repeat 🔁 leftwards_arrow_with_hook ↩️
  arrow_right_hook ↪️ twisted_rightwards_arrows 🔀 fast_forward ⏩ rewind ⏪
  black_right_pointing_double_triangle_with_vertical_bar ⏭️ arrow_forward ▶️ double_vertical_bar ⏸️
  pause_button ⏸️ black_square_for_stop ⏹️ soon 🔜 back 🔙 alarm_clock ⏰ stopwatch ⏱️ timer_clock ⏲️ hourglass ⌛
  hourglass_flowing_sand ⏳ watch ⌚ mantelpiece_clock 🕰️ clock1 🕐 clock3 🕒 clock9 🕘 date 📅 calendar 📆
  spiral_calendar_pad 🗓️ bell 🔔 no_bell 🔕 mega 📣 loudspeaker 📢 email 📧 envelope ✉️ e-mail 📧 incoming_envelope 📨
  inbox_tray 📥 outbox_tray 📤 mailbox 📫 phone ☎️ telephone_receiver 📞 calling 📲 iphone 📱 computer 💻 link 🔗
  globe_with_meridians 🌐 earth_americas 🌎 earth_africa 🌍 earth_asia 🌏 world_map 🗺️ round_pushpin 📍 pushpin 📌
  paperclip 📎 memo 📝 pencil 📝 pencil2 ✏️ clipboard 📋 page_facing_up 📄 file_folder 📁 open_file_folder 📂
  card_index 📇 books 📚 newspaper 📰 bookmark 🔖 label 🏷️ mag 🔍 lock 🔒 unlock 🔓 shield 🛡️ wrench 🔧 hammer 🔨
  hammer_and_wrench 🛠️ gear ⚙️ toolbox 🧰 test_tube 🧪 ticket 🎫 wastebasket 🗑️ moneybag 💰 dollar 💵 euro 💶
  credit_card 💳 money_with_wings 💸 chart_with_upwards_trend 📈 chart_with_downwards_trend 📉 bar_chart 📊 scales ⚖️
  briefcase 💼 bust_in_silhouette 👤 busts_in_silhouette 👥 technologist 🧑‍💻 speech_balloon 💬 thought_balloon 💭
  left_speech_bubble 🗨️ eye 👁️ brain 🧠 ghost 👻 skull 💀 ship 🚢 sailboat ⛵ checkered_flag 🏁
  triangular_flag_on_post 🚩 waving_white_flag 🏳️ keycap_star *️⃣ one 1️⃣ two 2️⃣ three 3️⃣ four 4️⃣ five 5️⃣
  six 6️⃣ seven 7️⃣ eight 8️⃣ nine 9️⃣ keycap_ten 🔟 hash #️⃣
`;

const words = TABLE.trim().split(/\s+/);
const EMOJI = new Map();
for (let i = 0; i < words.length; i += 2) EMOJI.set(words[i], words[i + 1]);

/** ":flag-no:" and ":flag-us:" are two regional letters; a table of 250 flags would say the same. */
function flag(code) {
  const country = /^flag-([a-z]{2})$/.exec(code)?.[1];
  if (!country) return undefined;
  return String.fromCodePoint(...[...country].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 97));
}

/** The character of a short code without its colons, or undefined. */
export function emojiOf(code) {
  return EMOJI.get(code) ?? flag(code);
}

export const SHORT_CODE = /:([a-z0-9_+'-]+):(?::skin-tone-[2-6]:)?/y;

/** A plain text with its short codes replaced. */
export function withEmoji(text) {
  return text.replace(new RegExp(SHORT_CODE.source, "g"), (whole, code) => emojiOf(code) ?? whole);
}
