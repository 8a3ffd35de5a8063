"""Words in Chinese, Japanese and Korean for pages and frames: news, names, labels, mails, hours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Gallery:
    """What a museum writes beside a picture.

    rows    by what they are
    among   what the rows can be instead
    """

    face: str
    rows: Mapping[str, str]
    among: Mapping[str, Sequence[str]]
    tale: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A piece of news: texts with one {} and what can stand there."""

    paper: str
    sections: Sequence[str]
    headline: str
    among: Sequence[str]
    body: str
    live: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail with one {} in its body, and the folders of the box that it lies in."""

    folders: Sequence[str]
    subject: str
    sender: str
    body: str
    among: Sequence[str]
    what: str


GALLERY_CJK = (
    Gallery(
        face="cjk",
        rows={
            "painter": "林秋白",
            "title": "山中春雨图",
            "year": "1887年",
            "material": "绢本设色",
            "number": "藏品号 0412",
        },
        among={
            "painter": ("林秋白", "陈远舟", "沈墨林", "顾青山"),
            "title": ("山中春雨图", "寒江独钓图", "松下问童图", "荷塘月色图"),
            "year": ("1887年", "1903年", "1746年", "1921年"),
            "material": ("绢本设色", "纸本水墨", "布面油画", "木刻版画"),
        },
        tale="此作为画家晚年代表作之一。画面构图疏密有致，用笔沉稳，设色清雅。二零零八年由其家属捐赠本馆收藏。请勿触摸展品。",
    ),
    Gallery(
        face="cjk",
        rows={
            "painter": "青木はるか",
            "title": "夜明けの港",
            "year": "1934年",
            "material": "油彩・カンヴァス",
            "number": "作品番号 217",
        },
        among={
            "painter": ("青木はるか", "森田健一", "小川みどり", "西村春樹"),
            "title": ("夜明けの港", "雪の朝", "海辺の家族", "青い庭園"),
            "year": ("1934年", "1908年", "1951年", "1967年"),
            "material": ("油彩・カンヴァス", "水彩・紙", "木版画", "銀塩写真"),
        },
        tale="作者が故郷に戻って最初に描いた作品です。静かな光の表現は後の作風につながりました。会場内での撮影はご遠慮ください。",
    ),
)

STORIES_CJK = (
    Story(
        paper="江北晚报",
        sections=("首页", "本地", "财经", "体育", "文化"),
        headline="市政府宣布{}将于三月重新开放",
        among=("博物馆", "火车站", "图书馆", "体育场"),
        body="市建设局昨日在新闻发布会上表示，改造工程已进入最后阶段。负责人说，工程共投入约四亿元，新增座位一千二百个。"
        "附近居民对此表示欢迎，但也希望有关部门尽快解决停车难的问题。开放首周，市民可凭身份证免费入场。",
        live="直播",
    ),
    Story(
        paper="海东新闻",
        sections=("要闻", "国际", "科技", "天气", "视频"),
        headline="台风预计{}登陆，沿海学校全部停课",
        among=("今晚", "周五", "明早", "周日"),
        body="气象台发布橙色预警，预计最大风力可达十二级。渔船已全部回港避风，多趟列车停运。请市民减少外出，备足饮用水。"
        "应急中心提醒，低洼地区的居民应提前转移到安全地带。最新消息请关注本台报道。",
        live="快讯",
    ),
    Story(
        paper="みなと新聞",
        sections=("トップ", "社会", "経済", "国際", "天気"),
        headline="新しい{}、来年四月に開業へ",
        among=("空港", "病院", "水族館", "市場"),
        body="県は十二日、計画の概要を発表した。総事業費は約三百億円で、地元の企業が工事を担当する。"
        "開業後は年間五十万人の利用を見込む。住民からは期待の声が上がる一方、渋滞を心配する声も出ている。",
        live="速報",
    ),
    Story(
        paper="한강일보",
        sections=("홈", "정치", "경제", "사회", "문화"),
        headline="내년부터 {} 요금 오른다",
        among=("버스", "택시", "전기", "수도"),
        body="시는 오늘 공청회를 열고 새로운 요금 체계를 발표했다. 인상 폭은 평균 칠 퍼센트로 정해졌다. "
        "시민 단체는 서비스 개선이 먼저라고 주장했다. 새 요금은 일월 일일부터 적용된다.",
        live="속보",
    ),
)
PEOPLE_CJK = (
    (("王晓梅", "李建国", "赵丽华", "陈志远"), "气象台首席预报员"),
    (("张文博", "刘思雨", "周海燕", "吴天明"), "市交通局发言人"),
    (("佐藤美咲", "高橋健太", "伊藤さくら", "渡辺陽介"), "気象予報士"),
    (("김민수", "박지영", "이서준", "최하은"), "서울 특파원"),
)
SONGS_CJK = (
    (("雨后的城市", "晚安，月亮", "没有地图的旅行", "十七岁的夏天"), "蓝色风筝", "正在播放"),
    (("星降る夜に", "最後の電車", "海へ行こう", "さよなら東口"), "月曜日の猫", "再生中"),
    (("봄날의 편지", "너의 이름", "새벽 두 시", "창문 너머"), "오렌지 섬", "지금 재생 중"),
)
MAILS_CJK = (
    Mail(
        folders=("收件箱", "已发送", "草稿", "垃圾邮件"),
        subject="关于下周会议的通知",
        sender="行政部 周婷",
        body="各位同事：原定的项目会议改为{}举行，地点不变，仍在三号楼二层会议室。请各部门提前准备好本季度的总结材料，"
        "并于会前一天发送到本邮箱。如有问题，请及时与我联系。祝工作顺利！",
        among=("周一下午", "周三上午", "周四下午", "周五上午"),
        what="day of the meeting",
    ),
    Mail(
        folders=("收件匣", "寄件備份", "草稿", "廣告信"),
        subject="您的訂單已經出貨",
        sender="青葉書店",
        body="親愛的顧客您好：感謝您的訂購。您的訂單總金額為{}元，商品已於今日出貨，預計三個工作天內送達。"
        "若您七日內未收到商品，請回覆此信或撥打客服專線。祝您閱讀愉快！",
        among=("1,280", "3,650", "980", "7,440"),
        what="amount",
    ),
    Mail(
        folders=("受信箱", "送信済み", "下書き", "迷惑メール"),
        subject="ご予約の確認",
        sender="旅館 松風",
        body="このたびはご予約いただき、誠にありがとうございます。ご到着日は{}、二名様、和室一部屋で承りました。"
        "夕食は六時からご用意いたします。変更がございましたら、三日前までにご連絡ください。お越しをお待ちしております。",
        among=("5月12日", "8月27日", "10月3日", "11月18日"),
        what="day of arrival",
    ),
)
WEEKDAYS_CJK = (
    (("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"), "营业时间", "休息"),
    (("月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日", "日曜日"), "営業時間", "定休日"),
    (("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"), "영업 시간", "휴무"),
)
NUTRIENTS_ZH = ("能量", "蛋白质", "脂肪", "饱和脂肪", "碳水化合物", "糖", "膳食纤维", "钠")
SHOPS_CJK = (
    ("面包房", "书店", "花店", "理发店", "药房"),
    ("パン工房", "古書店", "喫茶", "花屋", "時計店"),
    ("빵집", "서점", "꽃집", "미용실", "카페"),
)
