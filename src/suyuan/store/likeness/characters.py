"""Chinese characters in names: one form for traditional and simplified, surnames and how they are read, look-alikes."""

from __future__ import annotations

import re
from functools import cache

from pypinyin import Style, lazy_pinyin, pinyin

HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")

TRADITIONAL = (
    "張陳劉楊黃趙吳孫馬羅鄭謝許韓馮鄧蕭蔣餘葉蘇呂盧鍾鐘賈陸範薑鄒譚韋閻齊錢湯莊顏龍萬賴龐蘭歐陽嚴華喬賀龔單關聶魯"
    "鮑費紀項鄔婁駱溫畢鄺麥遲連諸東門賓閔臺榮應衛車時術為竇閆尋勞厲譙偉麗強軍傑濤剛國慶紅蓮鳳貴瓊飛鵬輝興鋒鋼鐵銀"
    "寶瑪瑤環瑩瑋璽璣瓏雲靜寧蕓藝愛義禮誠謙謹詩語詠諾諺識議讓證貞負賢賜賞贊軒轅載輔輪達遠邁運選鄉釗鈞銘錦鎮鍵鏡長"
    "開閒間閱陣陰際隨雙雋雞離雖電霧頁順須預頌領頤頻題額願類顯風颯飄馳駿騰驊驕驚驥魚鮮鯤鳥鳴鴻鵑鵝鶯鶴鷹黨齡龜億倫"
    "側傳價儀優兒兩冊凱劃劍勁動勛勝勳勵區協卻參員啟喚嘯嚮園圓團圖壯壽夢奮奧妝姍娛嬌嬋孌學寫寬實審屆屬島崗嶺嶽幣幫"
    "廣廳彈彥後徑從復徹恆悅惱憲懷戀戲戰執掃揚換據搖擇擁攜敵數斷於晉晝曉曄暢曆書會朧樂樓標樹橋機權歡歲歸殘氣漢決沖"
    "淨淵淚渾溝滅滿漁潔潤潯澤瀾濱瀟灣災煒煥熱燁燈燦燭爭爺牽狀獎獨獻現產畝畫異當疊療發皚盤監盡確碩禎禪稱種積穎窮競"
    "筆簡築籃糧純紗紋納紛細終組結絲絹綠維綱綺緒線緯緣縈繼續纖羨習聖聞聯聰職肅腦膽臨舉艷葦蓋薈藍蘊處號蟬衆衝補裝複"
    "見規視覺覽觀訊記評詞試詳誌認調論諭謀講譯讀變豐貝財貢貫貿趕躍輕軼鄰釋裡針鈴銳錄錫鋭閃閣隊隸難靈韻響頓點歷"
)
SIMPLIFIED = (
    "张陈刘杨黄赵吴孙马罗郑谢许韩冯邓萧蒋余叶苏吕卢钟钟贾陆范姜邹谭韦阎齐钱汤庄颜龙万赖庞兰欧阳严华乔贺龚单关聂鲁"
    "鲍费纪项邬娄骆温毕邝麦迟连诸东门宾闵台荣应卫车时术为窦闫寻劳厉谯伟丽强军杰涛刚国庆红莲凤贵琼飞鹏辉兴锋钢铁银"
    "宝玛瑶环莹玮玺玑珑云静宁芸艺爱义礼诚谦谨诗语咏诺谚识议让证贞负贤赐赏赞轩辕载辅轮达远迈运选乡钊钧铭锦镇键镜长"
    "开闲间阅阵阴际随双隽鸡离虽电雾页顺须预颂领颐频题额愿类显风飒飘驰骏腾骅骄惊骥鱼鲜鲲鸟鸣鸿鹃鹅莺鹤鹰党龄龟亿伦"
    "侧传价仪优儿两册凯划剑劲动勋胜勋励区协却参员启唤啸向园圆团图壮寿梦奋奥妆姗娱娇婵娈学写宽实审届属岛岗岭岳币帮"
    "广厅弹彦后径从复彻恒悦恼宪怀恋戏战执扫扬换据摇择拥携敌数断于晋昼晓晔畅历书会胧乐楼标树桥机权欢岁归残气汉决冲"
    "净渊泪浑沟灭满渔洁润浔泽澜滨潇湾灾炜焕热烨灯灿烛争爷牵状奖独献现产亩画异当叠疗发皑盘监尽确硕祯禅称种积颖穷竞"
    "笔简筑篮粮纯纱纹纳纷细终组结丝绢绿维纲绮绪线纬缘萦继续纤羡习圣闻联聪职肃脑胆临举艳苇盖荟蓝蕴处号蝉众冲补装复"
    "见规视觉览观讯记评词试详志认调论谕谋讲译读变丰贝财贡贯贸赶跃轻轶邻释里针铃锐录锡锐闪阁队隶难灵韵响顿点历"
)
FOLD = str.maketrans(dict(zip(TRADITIONAL, SIMPLIFIED, strict=True)))
"""The traditional characters that stand in names; what is not listed still meets through its sound."""

COMPOUND_LIST = (
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 夏侯 轩辕 端木 独孤 南宫 "
    "万俟 闻人 赫连 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 司空 第五 东郭 "
    "西门 呼延 拓跋 百里 纳兰 完颜 叶赫 那拉 司寇 左丘 东野 梁丘 即墨"
)
COMPOUND = frozenset(COMPOUND_LIST.split())
READ_AS = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "任": "ren", "朴": "piao",
    "区": "ou", "华": "hua", "缪": "miao", "宁": "ning", "召": "shao", "员": "yun", "冼": "xian",
    "洗": "xian", "折": "she", "柏": "bai", "卜": "bu", "种": "chong", "秘": "bi", "逄": "pang", "繁": "po",
    "过": "guo", "薄": "bo", "车": "che", "石": "shi", "叶": "ye", "沈": "shen", "万俟": "mo qi",
    "尉迟": "yu chi", "长孙": "zhang sun", "澹台": "tan tai", "单于": "chan yu", "黑": "he", "那": "na",
    "应": "ying", "占": "zhan", "要": "yao", "牟": "mou", "都": "du", "句": "gou", "晟": "cheng",
    "幺": "yao", "令狐": "ling hu", "尹": "yin", "戴": "dai", "曲": "qu", "相": "xiang", "强": "qiang",
    "兴": "xing", "重": "chong",
}  # fmt: skip
"""Surnames that are read otherwise than the same character elsewhere."""
ALSO_READ = {
    "覃": ("qin", "tan"), "乐": ("yue", "le"), "翟": ("zhai", "di"), "盖": ("ge", "gai"), "谌": ("chen", "shen"),
    "隗": ("wei", "kui"), "郗": ("xi", "chi"), "祭": ("zhai", "ji"), "宓": ("mi", "fu"), "郇": ("xun", "huan"),
}  # fmt: skip
"""Surnames that families read in two ways."""
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜"
    "崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严欧莫孔向汤常温康施文牛樊"
    "葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单裴霍成苗谷盛曲翁冉骆蓝路游"
    "辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳穆农司卓古吉缪简车项连芦麦褚娄窦戚岑党宫景费卜冷晏席卫米柏宗瞿桂全佟应"
    "臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀胥南班储原栗燕楚鄢劳谌"
    "奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴"
)
"""Common surnames, to know one when it is written in Latin letters."""
LOOK_ALIKE_LIST = (
    "己已巳 末未 士土 日曰 干千于 王玉 贝见 今令 天夭无 大太犬 人入 牛午 田由甲申 力刀 "
    "木本 目自 兰三 洋详样 佳住 晴睛情清 珍诊 玲铃岭 明朋 丽俪 娟绢捐 亮竟 宁宇 宏宠 雨两 "
    "陈阵 刘对 孟盂 候侯 傅付 肖萧 戴载 冯马 洁浩 波坡 琴瑟 芳方 莉利 俊峻竣 伟纬炜玮 "
    "杨扬 林材 晨宸 辰振 瑞端 志忘 惠慧 彬杉 峰锋烽 梅海 霞露 雪雷 燕蒸 茜西 薇微 嘉喜 "
    "轩杆 涵函 萱宣 怡治 欣歆 妍研"
)
"""Characters that are taken for one another when they are copied by hand or read by a machine (assembled by hand)."""
ALIKE = {character: number for number, group in enumerate(LOOK_ALIKE_LIST.split()) for character in group}

NEAR_SOUNDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("hu", "fu"))
"""Sounds that speakers of other regions do not tell apart."""


@cache
def read_aloud(character: str) -> str:
    """Return the usual reading of a character without tone; ü is written u."""
    return plain_sound(lazy_pinyin(character)[0])


@cache
def readings(character: str) -> frozenset[str]:
    """Return all readings of a character without tone."""
    return frozenset(plain_sound(each) for each in pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def plain_sound(sound: str) -> str:
    """Write ü as u: passports have LU, LYU and LV for one name.

    Notes
    -----
    NYU counts only at the beginning: further on, the n may end one syllable (yan yun).
    """
    plain = sound.replace("ü", "u").replace("v", "u").replace("lyu", "lu")
    return f"nu{plain[3:]}" if plain.startswith("nyu") else plain


def surname_readings(surname: str) -> tuple[str, ...]:
    """Return how a surname is read, most usual first; two characters are joined."""
    if surname in ALSO_READ:
        return ALSO_READ[surname]
    if surname in READ_AS:
        return (READ_AS[surname].replace(" ", ""),)
    return ("".join(map(read_aloud, surname)),)


@cache
def surname_sounds() -> frozenset[str]:
    """All surnames as they are written in Latin letters."""
    return frozenset(sound for name in (*SURNAMES, *COMPOUND) for sound in surname_readings(name))


@cache
def dull(sound: str) -> str:
    """Take out of a sound what regions do not tell apart."""
    for clear, muffled in NEAR_SOUNDS:
        sound = sound.replace(clear, muffled)
    return sound


def look_alike(a: str, b: str) -> bool:
    """Whether two characters are taken for one another in writing."""
    return a in ALIKE and ALIKE.get(b) == ALIKE[a]
